package vhdtest

import (
	"encoding/binary"
	"net/url"
	"unicode/utf16"
)

// UTF16LE encodes s as the W2ru and W2ku locators hold it, without NUL.
func UTF16LE(s string) []byte { return utf16Bytes(s, binary.LittleEndian) }

// UTF16BE encodes s as the header's parent name holds it, without NUL.
func UTF16BE(s string) []byte { return utf16Bytes(s, binary.BigEndian) }

func utf16Bytes(s string, order binary.AppendByteOrder) []byte {
	var b []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, unit)
	}
	return b
}

// Relative is a W2ru locator, for instance `.\parent.vhd`.
func Relative(path string) Locator { return Locator{Code: W2ru, Data: UTF16LE(path)} }

// Absolute is a W2ku locator, for instance `C:\disks\parent.vhd`.
func Absolute(path string) Locator { return Locator{Code: W2ku, Data: UTF16LE(path)} }

// FileURL is a MacX locator. path is absolute and slashed; it is
// percent-encoded here. host may be "", "localhost" or "." as tap writes.
func FileURL(host, path string) Locator {
	u := url.URL{Scheme: "file", Host: host, Path: path}
	return Locator{Code: MacX, Data: []byte(u.String())}
}

// RelativeANSI is a Wi2r locator. path is the bytes as they stand in the
// file: the code page is the writer's, and not recorded.
func RelativeANSI(path []byte) Locator { return Locator{Code: Wi2r, Data: path} }

// AbsoluteANSI is a Wi2k locator; see RelativeANSI.
func AbsoluteANSI(path []byte) Locator { return Locator{Code: Wi2k, Data: path} }

// WindowsChild places locators and table as Windows 10 does in a child: the
// absolute path at 0x1000, the table at 0x2000, the relative path at 0x3000
// with 64 KiB reserved, blocks aligned.
func WindowsChild(s Spec, relative, absolute string) Spec {
	abs, rel := Absolute(absolute), Relative(relative)
	abs.At, abs.Space = 0x1000, 4096
	rel.At, rel.Space = 0x3000, 65536
	s.Locators = []Locator{abs, rel}
	s.TableOffset = 0x2000
	s.Aligned = true
	return s
}
