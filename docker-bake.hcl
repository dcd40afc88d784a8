// Every image of this repository: one matrix of apps and variants. See all: docker buildx bake --list=targets

variable "VARIANTS" {
  default     = ["single", "dev", "prod", "distroless"]
  description = "single: Dockerfile.single; the others: a target of Dockerfile"
}

variable "NODE_VERSION" {
  default     = null
  description = "Node.js line to build on; unset, each Dockerfile decides"
}

variable "VERSION" {
  default     = "0.1.0"
  description = "version label, as in package.json"
}

variable "REVISION" {
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
}

target "_common" {
  args = {
    NODE_VERSION = NODE_VERSION
  }
  # Not as the build argument SOURCE_DATE_EPOCH, which is part of the key of every RUN: each commit would run them all.
  # What can read zstd can read gzip too, so layers in the cache stay as they are; the other way round all are made anew.
  output = ["type=image,compression=${COMPRESSION},force-compression=${COMPRESSION == "gzip"},source-date-epoch=${COMMIT_TIME}"]
  labels = {
    "org.opencontainers.image.source"   = "https://github.com/stagecraft/stagecraft"
    "org.opencontainers.image.licenses" = "MIT"
    "org.opencontainers.image.version"  = VERSION
    "org.opencontainers.image.revision" = REVISION
    "org.opencontainers.image.created"  = timeadd("1970-01-01T00:00:00Z", "${COMMIT_TIME}s")
  }
}

group "default" {
  targets = ["prod"]
}

group "single" {
  targets = [for app in APPS : "${app}-single"]
}

group "dev" {
  targets = [for app in APPS : "${app}-dev"]
}

group "prod" {
  targets = [for app in APPS : "${app}-prod"]
}

group "distroless" {
  targets = [for app in APPS : "${app}-distroless"]
}

# apps:start (made from the folders of apps/: `pnpm vitest run --project unit -u` renews it)
variable "APPS" {
  default = [
    "express-api",
    "fastapi-hello",
    "fastify-service",
    "flask-hello",
    "go-hello",
    "react-spa",
    "rust-hello",
  ]
  description = "the folders of apps/ that have a Dockerfile"
}

variable "SELF_CONTAINED" {
  default = [
    "fastapi-hello",
    "flask-hello",
    "go-hello",
    "rust-hello",
  ]
  description = "those of them with a .dockerignore: the folder is the build context, not the repository"
}

group "express-api" {
  targets = [for variant in VARIANTS : "express-api-${variant}"]
}

group "fastapi-hello" {
  targets = [for variant in VARIANTS : "fastapi-hello-${variant}"]
}

group "fastify-service" {
  targets = [for variant in VARIANTS : "fastify-service-${variant}"]
}

group "flask-hello" {
  targets = [for variant in VARIANTS : "flask-hello-${variant}"]
}

group "go-hello" {
  targets = [for variant in VARIANTS : "go-hello-${variant}"]
}

group "react-spa" {
  targets = [for variant in VARIANTS : "react-spa-${variant}"]
}

group "rust-hello" {
  targets = [for variant in VARIANTS : "rust-hello-${variant}"]
}
# apps:end

target "all" {
  name        = "${app}-${variant}"
  description = "${app}, ${variant}"
  inherits    = ["_common"]
  matrix = {
    app     = APPS
    variant = VARIANTS
  }
  context    = contains(SELF_CONTAINED, app) ? "apps/${app}" : "."
  dockerfile = "${contains(SELF_CONTAINED, app) ? "" : "apps/${app}/"}Dockerfile${variant == "single" ? ".single" : ""}"
  target     = variant == "single" ? null : variant
  labels = {
    "org.opencontainers.image.title"       = app
    "org.opencontainers.image.description" = "Stagecraft sample app ${app}, ${variant} image"
  }
  tags   = ["stagecraft/${app}:${variant}"]
  attest = ["type=provenance,mode=max"]
}

# The base ladder: products on bases that they are not made for, beside those of `all`. `pnpm ladder` compares them.
target "rung" {
  name        = "rung-${rung.app}-${rung.name}"
  description = "${rung.app}, ${rung.of} on ${rung.image}"
  inherits    = ["${rung.app}-${rung.of}"]
  matrix = {
    rung = [
      { app = "express-api", name = "full", of = "prod", stage = "slim", image = "node:24-trixie" },
      { app = "flask-hello", name = "full", of = "prod", stage = "slim", image = "python:3.13-trixie" },
      { app = "go-hello", name = "full", of = "distroless", stage = "bare", image = "golang:1.27-trixie" },
      { app = "rust-hello", name = "full", of = "distroless", stage = "bare", image = "rust:1.98-trixie" },
      { app = "rust-hello", name = "slim", of = "distroless", stage = "bare", image = "rust:1.98-slim-trixie" },
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
  name        = "check-${app}-${variant}"
  description = "build checks of ${app}, ${variant}"
  inherits    = ["${app}-${variant}"]
  matrix = {
    app     = APPS
    variant = VARIANTS
  }
  call = "check"
  # Else an empty image would take the name of the real one.
  output = ["type=cacheonly"]
}
