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

variable "SOURCE_DATE_EPOCH" {
  default     = "0"
  description = "created label: the commit's time in seconds since 1970, so that one commit gives one image"
}

target "_common" {
  args = {
    NODE_VERSION      = NODE_VERSION
    SOURCE_DATE_EPOCH = SOURCE_DATE_EPOCH
  }
  labels = {
    "org.opencontainers.image.source"   = "https://github.com/stagecraft/stagecraft"
    "org.opencontainers.image.licenses" = "MIT"
    "org.opencontainers.image.version"  = VERSION
    "org.opencontainers.image.revision" = REVISION
    "org.opencontainers.image.created"  = timeadd("1970-01-01T00:00:00Z", "${SOURCE_DATE_EPOCH}s")
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

target "check" {
  name        = "check-${app}-${variant}"
  description = "build checks of ${app}, ${variant}"
  inherits    = ["${app}-${variant}"]
  matrix = {
    app     = APPS
    variant = VARIANTS
  }
  call = "check"
}
