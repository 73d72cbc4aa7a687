// Command sample writes the images that come with the product: see package
// fieldnotes.
//
//	go run ./vhd/vhdtest/sample OUTDIR
package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"vhdscope/vhd/vhdtest/fieldnotes"
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
	layers, err := fieldnotes.Build()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for _, l := range layers {
		if err := l.File.WriteFile(filepath.Join(dir, l.Name)); err != nil {
			return err
		}
		fmt.Printf("%7d bytes  %4d sectors  %s\n", l.File.Size(), l.Sectors, l.Name)
	}
	return nil
}
