package main

import (
	"bytes"
	"io"
	"net/http"
	"time"
)

// One connection of HTTP/1.1, which has one call in flight.
type httpConnection struct {
	run    *run
	tally  *tally
	client http.Client
	pace   *pace
}

func newHTTPConnection(r *run, t *tally, p *pace) *httpConnection {
	transport := &http.Transport{MaxConnsPerHost: 1, MaxIdleConnsPerHost: 1, DisableCompression: true}
	return &httpConnection{run: r, tally: t, client: http.Client{Transport: transport}, pace: p}
}

func (c *httpConnection) serve() error {
	defer c.client.CloseIdleConnections()
	for {
		c.pace.wait()
		message := c.run.next()
		if message == nil {
			return nil
		}
		begin := c.pace.take()
		answer, failure, err := c.post(message)
		if err != nil {
			return err
		}
		c.tally.count(answer, failure, time.Since(begin))
	}
}

func (c *httpConnection) post(message []byte) ([]byte, string, error) {
	p := c.run.plan
	request, err := http.NewRequest(http.MethodPost, "http://"+p.Address+p.Path, bytes.NewReader(message))
	if err != nil {
		return nil, "", err
	}
	request.Header.Set("Content-Type", p.ContentType)
	if p.Authorization != "" {
		request.Header.Set("Authorization", p.Authorization)
	}
	response, err := c.client.Do(request)
	if err != nil {
		return nil, "", err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		return nil, response.Status, nil
	}
	return answer, "", err
}
