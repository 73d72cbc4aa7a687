// Command sample writes the images that come with the product: a chain of
// three, with a file system inside, the same bytes on every run.
//
//	go run ./vhd/vhdtest/sample OUTDIR
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: sample OUTDIR")
	}
	if err := write(os.Args[1]); err != nil {
		log.Fatal("sample: ", err)
	}
}

func write(dir string) error {
	layers, err := build()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for _, l := range layers {
		if err := l.file.WriteFile(filepath.Join(dir, l.name)); err != nil {
			return err
		}
		fmt.Printf("%7d bytes  %4d sectors  %s\n", l.file.Size(), l.sectors, l.name)
	}
	return nil
}
