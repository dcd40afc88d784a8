// clock answers GET /Europe/Madrid with the time that it is there at noon, UTC, on 1 July 2026.
package main

import (
	"fmt"
	"log"
	"net/http"
	"time"
)

func main() {
	noon := time.Date(2026, time.July, 1, 12, 0, 0, 0, time.UTC)
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		zone, err := time.LoadLocation(r.URL.Path[1:])
		if err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		fmt.Fprintln(w, noon.In(zone).Format("15:04 MST"))
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}
