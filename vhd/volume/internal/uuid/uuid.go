// Package uuid stands in for github.com/google/uuid, which a library uses to
// read and write UUIDs as texts: with the cryptography that it brings for
// making new ones, 40 KB of it would go into a visitor's download.
package uuid

import (
	"encoding/hex"
	"errors"
)

// UUID is one in the order of its text.
type UUID [16]byte

// FromBytes is the UUID that 16 bytes are.
func FromBytes(b []byte) (u UUID, err error) {
	if copy(u[:], b) != len(u) || len(b) != len(u) {
		return UUID{}, errors.New("uuid: not 16 bytes")
	}
	return u, nil
}

// Parse reads the text of a UUID, in upper or lower case.
func Parse(s string) (u UUID, err error) {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return u, errors.New("uuid: no UUID is written like this")
	}
	_, err = hex.Decode(u[:], []byte(s[:8]+s[9:13]+s[14:18]+s[19:23]+s[24:]))
	return u, err
}

// String is its text, in lower case.
func (u UUID) String() string {
	s := hex.EncodeToString(u[:])
	return s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}

// NewRandom fails: nothing is written here that needs a new UUID.
func NewRandom() (UUID, error) { return UUID{}, errors.New("uuid: none is made here") }
