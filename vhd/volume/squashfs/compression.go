package squashfs

import (
	"bytes"
	"compress/zlib"
	"errors"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/therootcompany/xz"
	"github.com/ulikunitz/xz/lzma"

	"vhdscope/vhd/volume/fsys"
)

// Kinds of compression, as the superblock numbers them.
const (
	compressionGzip = 1 + iota
	compressionLZMA
	compressionLZO
	compressionXZ
	compressionLZ4
	compressionZstd
)

var errTooLarge = errors.New("more comes out than there can be")

// decompressor unpacks a block to at most limit bytes.
type decompressor func(packed []byte, limit int) ([]byte, error)

// newDecompressor is for a kind of compression. What a block says of itself
// never asks for more memory than a block of content can.
func newDecompressor(kind int) (decompressor, error) {
	switch kind {
	case compressionGzip:
		return func(packed []byte, limit int) ([]byte, error) {
			r, err := zlib.NewReader(bytes.NewReader(packed))
			return all(r, err, limit)
		}, nil
	case compressionLZMA:
		return func(packed []byte, limit int) ([]byte, error) {
			if len(packed) < lzma.HeaderLen || le.Uint32(packed[1:]) > 8*maxBlock {
				return nil, errTooLarge
			}
			r, err := lzma.NewReader(bytes.NewReader(packed))
			return all(r, err, limit)
		}, nil
	case compressionXZ:
		return func(packed []byte, limit int) ([]byte, error) {
			r, err := xz.NewReader(bytes.NewReader(packed), 8*maxBlock)
			return all(r, err, limit)
		}, nil
	case compressionZstd:
		d, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(8*maxBlock), zstd.WithDecoderMaxMemory(maxBlock))
		if err != nil {
			return nil, err
		}
		return func(packed []byte, limit int) ([]byte, error) {
			b, err := d.DecodeAll(packed, make([]byte, 0, limit))
			if err == nil && len(b) > limit {
				err = errTooLarge
			}
			return b, err
		}, nil
	case compressionLZO:
		return nil, fsys.Unsupported("squashfs compressed by LZO is not supported here")
	case compressionLZ4:
		return nil, fsys.Unsupported("squashfs compressed by LZ4 is not supported here")
	}
	return nil, fsys.Damaged(0, "the superblock is damaged: there is no such compression")
}

// all reads a stream of at most limit bytes to its end.
func all(r io.Reader, err error, limit int) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	b := make([]byte, limit)
	n, err := io.ReadFull(r, b)
	switch err {
	case io.EOF, io.ErrUnexpectedEOF:
		return b[:n], nil
	case nil:
		if more, err := r.Read(make([]byte, 1)); more > 0 || err != io.EOF && err != nil {
			return nil, errTooLarge
		}
	}
	return b[:n], err
}
