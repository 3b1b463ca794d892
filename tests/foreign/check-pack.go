// Checks an evidence pack with golang.org/x/mod/sumdb and Go's own zip reader; nothing of Sallyport is used here.
//
//	check-pack PACK.zip ORIGIN KEY
package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func fail(format string, words ...interface{}) {
	fmt.Fprintf(os.Stderr, format+"\n", words...)
	os.Exit(1)
}

func must(err error, what string) {
	if err != nil {
		fail("%s: %v", what, err)
	}
}

func main() {
	if len(os.Args) != 4 {
		fail("check-pack PACK.zip ORIGIN KEY")
	}
	origin := os.Args[2]
	verifier, err := note.NewVerifier(os.Args[3])
	must(err, "verifier key")
	keys := note.VerifierList(verifier)

	archive, err := zip.OpenReader(os.Args[1])
	must(err, "zip")
	files := map[string][]byte{}
	for _, file := range archive.File {
		reader, err := file.Open()
		must(err, file.Name)
		content, err := io.ReadAll(reader)
		must(err, file.Name)
		if _, known := files[file.Name]; known {
			fail("%s is there twice", file.Name)
		}
		files[file.Name] = content
	}

	signed, err := note.Open(files["manifest.note"], keys)
	must(err, "manifest.note")
	sum := sha256.Sum256(files["manifest.json"])
	if signed.Text != origin+"/evidence\n"+base64.StdEncoding.EncodeToString(sum[:])+"\n" {
		fail("the signature is over another manifest")
	}
	var manifest struct{ Files map[string]string }
	must(json.Unmarshal(files["manifest.json"], &manifest), "manifest.json")
	for name, want := range manifest.Files {
		if fmt.Sprintf("%x", sha256.Sum256(files[name])) != want {
			fail("%s is not the file that the manifest names", name)
		}
	}
	if len(manifest.Files) != len(files)-2 {
		fail("there are files that the manifest does not name")
	}
	fmt.Printf("note: manifest of %s opened; %d files are those that it names\n", origin, len(manifest.Files))

	checkpoint, err := note.Open(files["checkpoint"], keys)
	must(err, "checkpoint")
	var proof struct {
		Size, Begin, End int64
		Indexes          []int64
		Nodes            []string
	}
	must(json.Unmarshal(files["proof.json"], &proof), "proof.json")
	leaves := bytes.Split(bytes.TrimSuffix(files["events.jsonl"], []byte("\n")), []byte("\n"))
	if len(leaves) != len(proof.Indexes) {
		fail("%d events, %d indexes", len(leaves), len(proof.Indexes))
	}
	root := fold(proof.Size, proof.Indexes, leaves, proof.Nodes)
	if checkpoint.Text != fmt.Sprintf("%s\n%d\n%s\n", origin, proof.Size, root) {
		fail("events and proof lead to %d %s, which is not the checkpoint", proof.Size, root)
	}
	leaves[0] = append([]byte(nil), leaves[0]...)
	leaves[0][len(leaves[0])/2] ^= 1
	if fold(proof.Size, proof.Indexes, leaves, proof.Nodes) == root {
		fail("an altered event leads to the same root, so this check says nothing")
	}
	fmt.Printf("tlog: %d events of %d entries lead to the root of the checkpoint; with one bit changed they do not\n", len(leaves), proof.Size)
}

type subtree struct {
	level int
	hash  tlog.Hash
}

func fold(size int64, indexes []int64, leaves [][]byte, nodes []string) tlog.Hash {
	var edge []subtree
	add := func(next subtree) {
		for len(edge) > 0 && edge[len(edge)-1].level == next.level {
			next = subtree{next.level + 1, tlog.NodeHash(edge[len(edge)-1].hash, next.hash)}
			edge = edge[:len(edge)-1]
		}
		edge = append(edge, next)
	}
	at := int64(0)
	skip := func(end int64) {
		for at < end {
			level := 0
			for at%(2<<level) == 0 && at+(2<<level) <= end {
				level++
			}
			if len(nodes) == 0 {
				fail("the proof has too few nodes")
			}
			var hash tlog.Hash
			content, err := base64.StdEncoding.DecodeString(strings.TrimSpace(nodes[0]))
			must(err, "node")
			copy(hash[:], content)
			nodes = nodes[1:]
			add(subtree{level, hash})
			at += 1 << level
		}
	}
	for place, index := range indexes {
		skip(index)
		add(subtree{0, tlog.RecordHash(leaves[place])})
		at++
	}
	skip(size)
	if len(nodes) > 0 {
		fail("the proof has too many nodes")
	}
	root := edge[len(edge)-1].hash
	for place := len(edge) - 2; place >= 0; place-- {
		root = tlog.NodeHash(edge[place].hash, root)
	}
	return root
}
