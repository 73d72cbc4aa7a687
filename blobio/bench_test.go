package blobio

import (
	"fmt"
	"testing"
)

func BenchmarkHit(b *testing.B) {
	for _, length := range []int{512, 4 * kib, PageSize} {
		b.Run(fmt.Sprint(length), func(b *testing.B) {
			s := newSource(64*PageSize, 1)
			r := NewCache(64 * PageSize).Reader(s)
			p := make([]byte, length)
			for i := range int64(64) {
				if _, err := r.ReadAt(p, i*PageSize); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(int64(length))
			b.ReportAllocs()
			for i := int64(0); b.Loop(); i++ {
				r.ReadAt(p, i%64*PageSize)
			}
		})
	}
}

// BenchmarkMiss reads 512 bytes of another page each time; nothing is cached.
func BenchmarkMiss(b *testing.B) {
	r := NewCache(0).Reader(zeroSource{})
	p := make([]byte, 512)
	b.ReportAllocs()
	for i := int64(0); b.Loop(); i++ {
		r.ReadAt(p, i%1000*100*PageSize)
	}
}

// BenchmarkSequential reads forward in requests of 4 KiB.
func BenchmarkSequential(b *testing.B) {
	r := NewCache(16 << 20).Reader(zeroSource{})
	p := make([]byte, 4*kib)
	b.SetBytes(int64(len(p)))
	b.ReportAllocs()
	for i := int64(0); b.Loop(); i++ {
		r.ReadAt(p, i*int64(len(p)))
	}
}

// zeroSource costs nothing to read, so that the cache's own cost is seen.
type zeroSource struct{}

func (zeroSource) Name() string                          { return "zeros" }
func (zeroSource) Size() int64                           { return 1 << 60 }
func (zeroSource) ReadAt(p []byte, _ int64) (int, error) { return len(p), nil }
