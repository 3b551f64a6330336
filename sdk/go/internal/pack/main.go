// Pack makes of modules what a module proxy serves: pack FOLDER VERSION MODULE… writes to the folder, which GOPROXY=file://FOLDER then
// installs from. A module is a folder with a go.mod. It is a module of its own, so that the SDK needs nothing for it.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) < 4 {
		log.Fatal("usage: pack FOLDER VERSION MODULE…")
	}
	for _, folder := range os.Args[3:] {
		if err := pack(os.Args[1], os.Args[2], folder); err != nil {
			log.Fatal(err)
		}
	}
}

// pack writes the four files of one version, as `go help goproxy` has them.
func pack(proxy, version, folder string) error {
	manifest, err := os.ReadFile(filepath.Join(folder, "go.mod"))
	if err != nil {
		return err
	}
	packed := module.Version{Path: modfile.ModulePath(manifest), Version: version}
	if err := module.Check(packed.Path, packed.Version); err != nil {
		return err
	}
	target := filepath.Join(proxy, packed.Path, "@v")
	if err := os.MkdirAll(target, 0o755); err != nil {
		return err
	}
	info, err := json.Marshal(map[string]any{"Version": version, "Time": time.Now().UTC()})
	if err != nil {
		return err
	}
	for name, bytes := range map[string][]byte{"list": []byte(version + "\n"), version + ".info": info, version + ".mod": manifest} {
		if err := os.WriteFile(filepath.Join(target, name), bytes, 0o644); err != nil {
			return err
		}
	}
	archive, err := os.Create(filepath.Join(target, version+".zip"))
	if err != nil {
		return err
	}
	if err := zip.CreateFromDir(archive, packed, folder); err != nil {
		return fmt.Errorf("%s: %w", packed, err)
	}
	return archive.Close()
}
