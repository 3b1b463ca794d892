// Checks with golang.org/x/mod/sumdb, which is not ours, what `write-log.ts` wrote; nothing of Sallyport is used here.
//
//	check-log FOLDER
//
// FOLDER holds: checkpoint, tile/… (C2SP tlog-tiles with entry bundles), keys (a verifier key of the log on each line),
// origin, proofs.json (inclusion and consistency proofs of this tree and of smaller ones).
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
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

func read(parts ...string) string {
	content, err := os.ReadFile(filepath.Join(parts...))
	must(err, "read")
	return string(content)
}

func hash(text string) (result tlog.Hash) {
	content, err := base64.StdEncoding.DecodeString(text)
	must(err, "base64")
	if len(content) != tlog.HashSize {
		fail("a hash of %d bytes", len(content))
	}
	copy(result[:], content)
	return result
}

func hashes(texts []string) (result []tlog.Hash) {
	for _, text := range texts {
		result = append(result, hash(text))
	}
	return result
}

// Tiles of height 8 in the layout of C2SP tlog-tiles, which is the one of the Go checksum database without the height in the path.
type folderTiles struct{ folder string }

func (folderTiles) Height() int                     { return 8 }
func (folderTiles) SaveTiles([]tlog.Tile, [][]byte) {}
func (t folderTiles) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var result [][]byte
	for _, tile := range tiles {
		content, err := os.ReadFile(filepath.Join(t.folder, "tile", strings.TrimPrefix(tile.Path(), "tile/8/")))
		if err != nil {
			return nil, err
		}
		result = append(result, content)
	}
	return result, nil
}

func bundle(folder string, number, width int64) (entries [][]byte) {
	tile := tlog.Tile{H: 8, L: 0, N: number, W: int(width)}
	content := []byte(read(folder, "tile", "entries", strings.TrimPrefix(tile.Path(), "tile/8/0/")))
	for len(content) > 0 {
		length := int(content[0])<<8 | int(content[1])
		entries = append(entries, content[2:2+length])
		content = content[2+length:]
	}
	return entries
}

type inclusion struct {
	Index, Size int64
	Leaf, Root  string
	Hashes      []string
}

type consistency struct {
	Older, Newer         int64
	OlderRoot, NewerRoot string
	Hashes               []string
}

func main() {
	folder := os.Args[1]
	origin := strings.TrimSpace(read(folder, "origin"))

	var verifiers []note.Verifier
	for _, text := range strings.Fields(read(folder, "keys")) {
		verifier, err := note.NewVerifier(text)
		must(err, "verifier key")
		verifiers = append(verifiers, verifier)
	}
	signed := read(folder, "checkpoint")
	opened, err := note.Open([]byte(signed), note.VerifierList(verifiers...))
	must(err, "checkpoint")
	lines := strings.Split(opened.Text, "\n")
	if lines[0] != origin || len(opened.Sigs) != len(verifiers) {
		fail("the checkpoint is of %q, with %d signatures verified", lines[0], len(opened.Sigs))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err, "size")
	root := hash(lines[2])
	if _, err := note.Open([]byte(strings.Replace(signed, lines[1], lines[1]+"0", 1)), note.VerifierList(verifiers...)); err == nil {
		fail("an altered checkpoint was accepted, so this check says nothing")
	}
	fmt.Printf("note: checkpoint of %s, %d entries: %d signatures verified, %d of keys that were not pinned; an altered one refused\n", origin, size, len(opened.Sigs), len(opened.UnverifiedSigs))

	var proofs struct {
		Inclusion   []inclusion
		Consistency []consistency
	}
	must(json.Unmarshal([]byte(read(folder, "proofs.json")), &proofs), "proofs.json")
	refused := 0
	for _, proof := range proofs.Inclusion {
		must(tlog.CheckRecord(hashes(proof.Hashes), proof.Size, hash(proof.Root), proof.Index, hash(proof.Leaf)), "inclusion")
		wrong := hash(proof.Leaf)
		wrong[proof.Index%32] ^= 1
		if tlog.CheckRecord(hashes(proof.Hashes), proof.Size, hash(proof.Root), proof.Index, wrong) == nil {
			fail("an altered inclusion proof was accepted")
		}
		refused++
	}
	for _, proof := range proofs.Consistency {
		must(tlog.CheckTree(hashes(proof.Hashes), proof.Newer, hash(proof.NewerRoot), proof.Older, hash(proof.OlderRoot)), "consistency")
	}
	if len(proofs.Inclusion) == 0 || len(proofs.Consistency) == 0 {
		fail("there are no proofs")
	}
	fmt.Printf("tlog: %d inclusion and %d consistency proofs accepted, %d altered ones refused\n", len(proofs.Inclusion), len(proofs.Consistency), refused)

	// TileHashReader authenticates each tile against the checkpoint before it gives a hash out of it.
	reader := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, folderTiles{folder})
	var indexes []int64
	for index := int64(0); index < size; index++ {
		indexes = append(indexes, tlog.StoredHashIndex(0, index))
	}
	leaves, err := reader.ReadHashes(indexes)
	must(err, "tiles")
	checked := int64(0)
	for number := int64(0); number*256 < size; number++ {
		width := size - number*256
		if width > 256 {
			width = 256
		}
		for _, entry := range bundle(folder, number, width) {
			if leaves[checked] != tlog.RecordHash(entry) {
				fail("entry %d is not the one of its tile", checked)
			}
			checked++
		}
	}
	if checked != size {
		fail("the bundles hold %d entries", checked)
	}
	fmt.Printf("tlog: %d leaf hashes read from the tiles, each authenticated by the checkpoint and equal to its entry's\n", checked)
}
