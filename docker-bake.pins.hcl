# The digest of each base image, for releases: docker buildx bake -f docker-bake.hcl -f docker-bake.pins.hcl release
# Made by pnpm bump pins, and kept by Renovate. One without a digest is whatever its tag is.
target "_common" {
  contexts = {
    "gcr.io/distroless/cc-debian13:nonroot" = "docker-image://gcr.io/distroless/cc-debian13:nonroot"
    "gcr.io/distroless/nodejs26-debian13:nonroot" = "docker-image://gcr.io/distroless/nodejs26-debian13:nonroot"
    "gcr.io/distroless/python3-debian13:nonroot" = "docker-image://gcr.io/distroless/python3-debian13:nonroot"
    "gcr.io/distroless/static-debian13:nonroot" = "docker-image://gcr.io/distroless/static-debian13:nonroot"
    "golang:1.27-trixie" = "docker-image://golang:1.27-trixie"
    "nginx:1.30-trixie" = "docker-image://nginx:1.30-trixie"
    "node:26-trixie" = "docker-image://node:26-trixie"
    "node:26-trixie-slim" = "docker-image://node:26-trixie-slim"
    "python:3.13-slim-trixie" = "docker-image://python:3.13-slim-trixie"
    "python:3.13-trixie" = "docker-image://python:3.13-trixie"
    "rust:1.98-slim-trixie" = "docker-image://rust:1.98-slim-trixie"
    "rust:1.98-trixie" = "docker-image://rust:1.98-trixie"
  }
}
