//go:build js && wasm

// Command edge is a Cloudflare Worker: it serves the images of an R2 bucket
// by vhdscope/wasm/edge/library. All else of the site are static files, which
// Cloudflare serves without it: see wrangler.jsonc.
//
// The Worker's glue starts the program anew for each request.
package main

import (
	"net/http"
	"syscall/js"

	"github.com/syumai/workers"
	"github.com/syumai/workers/cloudflare"

	"vhdscope/wasm/edge/library"
)

func main() {
	workers.Serve(http.HandlerFunc(serve))
}

func serve(w http.ResponseWriter, r *http.Request) {
	images := library.Library{
		Images:  bucket{cloudflare.GetBinding("IMAGES")},
		Token:   cloudflare.Getenv("VHDSCOPE_TOKEN"),
		Origins: library.ParseOrigins(cloudflare.Getenv("VHDSCOPE_ORIGINS")),
	}
	images.ServeHTTP(w, r)
	if r.Method == http.MethodHead {
		// Else the glue would promise as many bytes as Content-Length says.
		w.(rawWriter).WriteRawJSBody(js.Null())
	}
}

// A rawWriter is the http.ResponseWriter of the glue, which can be given a
// ReadableStream to send as it is.
type rawWriter interface{ WriteRawJSBody(body js.Value) }
