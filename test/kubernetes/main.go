// Renders the chart with each of its ci/*-values.yaml as `helm template` does, and decodes what comes out as the API server does under
// strict validation: a field that the API does not have, or that comes twice, is an error. Prints JSON for the test that runs it.
//
//	go run . CHART            what each values file renders to, or why it does not
//	go run . CHART key=value  the same for one more set of values, given as --set takes them
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/lint"
	"helm.sh/helm/v3/pkg/lint/support"
	"helm.sh/helm/v3/pkg/strvals"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/kubernetes/scheme"
)

type result struct {
	Values string   `json:"values"`
	Text   string   `json:"text"`
	Kinds  []string `json:"kinds"`
	Error  string   `json:"error,omitempty"`
}

func main() {
	folder := os.Args[1]
	loaded, err := loader.Load(folder)
	check(err)
	results := []result{}
	if len(os.Args) > 2 {
		values, err := strvals.Parse(strings.Join(os.Args[2:], ","))
		check(err)
		results = append(results, rendered(loaded, "set", values))
	} else {
		files, err := filepath.Glob(filepath.Join(folder, "ci", "*-values.yaml"))
		check(err)
		for _, file := range files {
			values, err := chartutil.ReadValuesFile(file)
			check(err)
			name := strings.TrimSuffix(filepath.Base(file), "-values.yaml")
			results = append(results, rendered(loaded, name, values), linted(folder, name, values))
		}
	}
	check(json.NewEncoder(os.Stdout).Encode(results))
}

func rendered(loaded *chart.Chart, name string, values map[string]any) result {
	text, err := render(loaded, values)
	if err != nil {
		return result{Values: name, Error: err.Error()}
	}
	kinds, err := decode(text)
	if err != nil {
		return result{Values: name, Text: text, Error: err.Error()}
	}
	return result{Values: name, Text: text, Kinds: kinds}
}

func render(loaded *chart.Chart, values map[string]any) (string, error) {
	if err := chartutil.ProcessDependencies(loaded, values); err != nil {
		return "", err
	}
	options := chartutil.ReleaseOptions{Name: "symbolon", Namespace: "default", IsInstall: true, Revision: 1}
	all, err := chartutil.ToRenderValues(loaded, values, options, chartutil.DefaultCapabilities)
	if err != nil {
		return "", err
	}
	files, err := engine.Render(loaded, all)
	if err != nil {
		return "", err
	}
	names := []string{}
	for name, text := range files {
		if strings.HasSuffix(name, ".yaml") && strings.TrimSpace(text) != "" {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	documents := []string{}
	for _, name := range names {
		documents = append(documents, strings.TrimSpace(files[name]))
	}
	return strings.Join(documents, "\n---\n") + "\n", nil
}

func decode(text string) ([]string, error) {
	codecs := serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict)
	kinds := []string{}
	for _, document := range strings.Split(text, "\n---\n") {
		_, kind, err := codecs.UniversalDeserializer().Decode([]byte(document), nil, nil)
		if err != nil {
			return nil, fmt.Errorf("%w in\n%s", err, document)
		}
		kinds = append(kinds, kind.Kind)
	}
	return kinds, nil
}

func linted(folder, name string, values map[string]any) result {
	for _, message := range lint.All(folder, values, "default", true).Messages {
		// An icon is for catalogues of charts.
		if message.Severity >= support.WarningSev {
			return result{Values: name + " lint", Error: message.Error()}
		}
	}
	return result{Values: name + " lint"}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
