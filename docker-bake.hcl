// Every image of this repository: one matrix of apps and variants. See all: docker buildx bake --list=targets

# A variable of the environment with one of these names replaces its default. docs/bake.md says more.
variable "BASE_NODE" {
  default     = null
  description = "Node.js line to build on; unset, each Dockerfile decides"
}

variable "BASE_PYTHON" {
  default     = null
  description = "Python line; distroless has 3.13 and no other"
}

variable "BASE_GO" {
  default     = null
  description = "Go line that compiles"
}

variable "BASE_RUST" {
  default     = null
  description = "Rust line that compiles"
}

variable "BASE_NGINX" {
  default     = null
  description = "nginx line that serves"
}

variable "IMAGE_VERSION" {
  default     = "0.1.0"
  description = "version label, as in package.json"
}

variable "IMAGE_REVISION" {
  default     = "unknown"
  description = "revision label: the commit that is built"
}

variable "COMMIT_TIME" {
  default     = "0"
  description = "the commit's time in seconds since 1970, for the created label: one commit gives one image"
}

variable "COMPRESSION" {
  default     = "zstd"
  description = "of the layers that are built here: zstd, or gzip for engines before 23; docs/compression.md compares them"
  validation {
    condition     = contains(["zstd", "gzip"], COMPRESSION)
    error_message = "COMPRESSION is zstd or gzip."
  }
}

variable "IMAGE_REGISTRY" {
  default     = "stagecraft"
  description = "where a release and the registry's cache are pushed: a registry with the path before an image's name"
}

variable "IMAGE_PLATFORMS" {
  default     = "linux/amd64,linux/arm64"
  description = "platforms of a release"
}

variable "IMAGE_CACHE" {
  default     = ""
  description = "where another machine finds what this one has built: registry, local or gha (GitHub Actions); empty for nowhere"
  validation {
    condition     = contains(["", "registry", "local", "gha"], IMAGE_CACHE)
    error_message = "IMAGE_CACHE is one of registry, local and gha, or empty."
  }
}

variable "IMAGE_CACHE_FOLDER" {
  default     = ".cache/buildkit"
  description = "the folder of IMAGE_CACHE=local"
}

variable "SBOM_GENERATOR" {
  default     = "docker/buildkit-syft-scanner:stable-1"
  description = "the image that lists what is in a release"
}

# A scope for each target: with one for all, each would replace what the last one has left.
function "cache_from" {
  params = [scope]
  result = [for kind, entry in {
    registry = "type=registry,ref=${IMAGE_REGISTRY}/cache:${scope}"
    local    = "type=local,src=${IMAGE_CACHE_FOLDER}/${scope}"
    gha      = "type=gha,scope=${scope}"
  } : entry if kind == IMAGE_CACHE]
}

# mode=max has the stages that are not in the image too: those that install and compile.
function "cache_to" {
  params = [scope]
  result = [for kind, entry in {
    registry = "type=registry,ref=${IMAGE_REGISTRY}/cache:${scope},mode=max,compression=zstd"
    local    = "type=local,dest=${IMAGE_CACHE_FOLDER}/${scope},mode=max,compression=zstd"
    gha      = "type=gha,scope=${scope},mode=max,ignore-error=true"
  } : entry if kind == IMAGE_CACHE]
}

# What can read zstd can read gzip too, so layers in the cache stay as they are; the other way round all are made anew.
variable "IMAGE_LAYERS" {
  default     = "compression=${COMPRESSION},force-compression=${COMPRESSION == "gzip"}"
  description = "how every output writes layers"
}

# docker/metadata-action writes a file with this target, whose labels and annotations win over those of _common.
target "docker-metadata-action" {}

target "_common" {
  args = {
    NODE_VERSION   = BASE_NODE
    PYTHON_VERSION = BASE_PYTHON
    GO_VERSION     = BASE_GO
    RUST_VERSION   = BASE_RUST
    NGINX_VERSION  = BASE_NGINX
  }
  # Not as the build argument SOURCE_DATE_EPOCH, which is part of the key of every RUN: each commit would run them all.
  output = ["type=image,source-date-epoch=${COMMIT_TIME},${IMAGE_LAYERS}"]
  # Attestations need containerd's image store or a registry, and no two builds have the same.
  attest = ["type=provenance,disabled=true"]
  labels = {
    "org.opencontainers.image.source"   = "https://github.com/stagecraft/stagecraft"
    "org.opencontainers.image.licenses" = "MIT"
    "org.opencontainers.image.version"  = IMAGE_VERSION
    "org.opencontainers.image.revision" = IMAGE_REVISION
    "org.opencontainers.image.created"  = timeadd("1970-01-01T00:00:00Z", "${COMMIT_TIME}s")
  }
}

# What makes a target a release: every platform, pushed, with how it was built and what is in it.
target "_release" {
  platforms = split(",", IMAGE_PLATFORMS)
  # No file is later than 1970, as in distroless: later than the commit would be only what is not in the builder's cache.
  output = ["type=image,push=true,rewrite-timestamp=true,source-date-epoch=0,${IMAGE_LAYERS}"]
  attest = ["type=provenance,mode=max", "type=sbom,generator=${SBOM_GENERATOR}"]
}

group "default" {
  targets = ["prod"]
}

group "single" {
  targets = [for image in IMAGES : image.target if image.variant == "single"]
}

group "dev" {
  targets = [for image in IMAGES : image.target if image.variant == "dev"]
}

group "prod" {
  targets = [for image in IMAGES : image.target if image.variant == "prod"]
}

group "distroless" {
  targets = [for image in IMAGES : image.target if image.variant == "distroless"]
}

group "scratch" {
  targets = [for image in IMAGES : image.target if image.variant == "scratch"]
}

# apps:start (made from the folders of apps/: `pnpm vitest run --project unit -u` renews it)
variable "APPS" {
  default = {
    express-api = { context = ".", variants = ["single", "dev", "prod", "distroless"] }
    fastapi-hello = { context = "apps/fastapi-hello", variants = ["single", "dev", "prod", "distroless"] }
    fastify-service = { context = ".", variants = ["single", "dev", "prod", "distroless"] }
    flask-hello = { context = "apps/flask-hello", variants = ["single", "dev", "prod", "distroless"] }
    go-hello = { context = "apps/go-hello", variants = ["single", "dev", "prod", "scratch"] }
    node-hello = { context = "apps/node-hello", variants = ["single", "dev", "prod", "distroless"] }
    react-spa = { context = ".", variants = ["single", "dev", "prod", "distroless"] }
    rust-hello = { context = "apps/rust-hello", variants = ["single", "dev", "prod", "scratch"] }
  }
  description = "the folders of apps/ with a Dockerfile; with a .dockerignore of its own, the folder is the build context"
}

group "express-api" {
  targets = [for image in IMAGES : image.target if image.app == "express-api"]
}

group "fastapi-hello" {
  targets = [for image in IMAGES : image.target if image.app == "fastapi-hello"]
}

group "fastify-service" {
  targets = [for image in IMAGES : image.target if image.app == "fastify-service"]
}

group "flask-hello" {
  targets = [for image in IMAGES : image.target if image.app == "flask-hello"]
}

group "go-hello" {
  targets = [for image in IMAGES : image.target if image.app == "go-hello"]
}

group "node-hello" {
  targets = [for image in IMAGES : image.target if image.app == "node-hello"]
}

group "react-spa" {
  targets = [for image in IMAGES : image.target if image.app == "react-spa"]
}

group "rust-hello" {
  targets = [for image in IMAGES : image.target if image.app == "rust-hello"]
}
# apps:end

variable "IMAGES" {
  default = flatten([
    for app, of in APPS : [
      for variant in of.variants : { target = "${app}-${variant}", app = app, variant = variant, context = of.context }
    ]
  ])
  description = "every image, made from APPS"
}

target "all" {
  name        = image.target
  description = "${image.app}, ${image.variant}"
  inherits    = ["_common", "docker-metadata-action"]
  matrix      = { image = IMAGES }
  context    = image.context
  dockerfile = "${image.context == "." ? "apps/${image.app}/" : ""}Dockerfile${image.variant == "single" ? ".single" : ""}"
  # BuildKit reserves the name scratch.
  target = lookup({ single = null, scratch = "static" }, image.variant, image.variant)
  labels = {
    "org.opencontainers.image.title"       = image.app
    "org.opencontainers.image.description" = "Stagecraft sample app ${image.app}, ${image.variant} image"
  }
  tags       = ["stagecraft/${image.app}:${image.variant}"]
  cache-from = cache_from(image.target)
  cache-to   = cache_to(image.target)
}

target "release" {
  name        = "release-${image.target}"
  description = "${image.app}, ${image.variant}, pushed for every platform with provenance and SBOM"
  inherits    = [image.target, "_release"]
  matrix      = { image = [for image in IMAGES : image if !contains(["single", "dev"], image.variant)] }
  tags = concat(
    ["${IMAGE_REGISTRY}/${image.app}:${IMAGE_VERSION}-${image.variant}"],
    image.variant == "prod" ? ["${IMAGE_REGISTRY}/${image.app}:${IMAGE_VERSION}"] : []
  )
}

# The base ladder: products on bases that they are not made for, beside those of `all`. `pnpm ladder` compares them.
target "rung" {
  name        = "rung-${rung.app}-${rung.name}"
  description = "${rung.app}, ${rung.of} on ${rung.image}"
  inherits    = ["${rung.app}-${rung.of}"]
  matrix = {
    rung = [
      { app = "express-api", name = "full", of = "prod", stage = "slim", image = "node:26-trixie" },
      { app = "flask-hello", name = "full", of = "prod", stage = "slim", image = "python:3.13-trixie" },
      { app = "go-hello", name = "full", of = "prod", stage = "gcr.io/distroless/static-debian13:nonroot", image = "golang:1.27-trixie" },
      { app = "rust-hello", name = "full", of = "prod", stage = "gcr.io/distroless/cc-debian13:nonroot", image = "rust:1.98-trixie" },
      { app = "rust-hello", name = "slim", of = "prod", stage = "gcr.io/distroless/cc-debian13:nonroot", image = "rust:1.98-slim-trixie" },
    ]
  }
  contexts = { (rung.stage) = "docker-image://${rung.image}" }
  tags     = ["stagecraft-ladder/${rung.app}:${rung.name}"]
}

# What workshop notes on multi-stage builds compare FastAPI with: one stage on the slim base, gcc installed and left in.
target "rung-fastapi-hello-gcc" {
  description = "fastapi-hello, single on a slim base with gcc"
  inherits    = ["fastapi-hello-single"]
  contexts    = { "python:3.13-trixie" = "target:slim-with-gcc" }
  tags        = ["stagecraft-ladder/fastapi-hello:gcc"]
}

target "slim-with-gcc" {
  description       = "the slim Python image with a compiler"
  dockerfile-inline = <<EOF
FROM python:3.13-slim-trixie
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev && rm -r /var/lib/apt/lists/*
EOF
}

group "ladder" {
  targets = ["rung", "rung-fastapi-hello-gcc"]
}

target "check" {
  name        = "check-${image.target}"
  description = "build checks of ${image.app}, ${image.variant}"
  inherits    = [image.target]
  matrix      = { image = IMAGES }
  call        = "check"
  # Here rather than in each Dockerfile, where a later engine's new check would stop whoever copied it.
  args = { BUILDKIT_DOCKERFILE_CHECK = "error=true;experimental=all" }
  # Else an empty image would take the name of the real one.
  output = ["type=cacheonly"]
}
