import type { Change, Question } from '@stagecraft/dockerfile'

/** One Dockerfile, and changes that are each tried from the same beginning. */
export interface Case {
  name: string
  dockerfile: string
  /** Path to content; a content of `-> x` makes a symbolic link to x. */
  files?: Readonly<Record<string, string>>
  dockerignore?: string
  target?: string
  args?: Question['args']
  /** Folders that stand for images: the name of the image, and a file in the folder. */
  named?: Readonly<Record<string, string>>
  changes: readonly Try[]
}

export interface Try {
  name: string
  /** `NEW` in its texts stands for something that was never there before. */
  change: Change
  /** The file goes rather than getting new content. */
  remove?: boolean
  /** Lines of the steps that may rerun, and did. */
  did?: readonly number[]
}

/** An image that the tests build, and build again: what a base with another digest is. */
export const movingImage = 'stagecraft-test/moving'

/** What the package is asked about a case. */
export function questionOf({ target, args, dockerignore, files = {} }: Case, { change }: Try): Question {
  const links = Object.entries(files).flatMap(([path, content]) =>
    content.startsWith('-> ') ? [[path, content.slice(3)]] : [],
  )
  return {
    ...(target && { target }),
    ...(args && { args }),
    ...(dockerignore && { dockerignore }),
    links: Object.fromEntries(links),
    changed: [change],
  }
}

const base = 'node:26-trixie-slim'

export const cases: readonly Case[] = [
  {
    name: 'files one by one',
    dockerfile: `FROM ${base}\nCOPY a.txt /a\nRUN true\nCOPY b.txt /b\nRUN true && true`,
    files: { 'a.txt': '', 'b.txt': '', 'c.txt': '' },
    changes: [
      { name: 'the first file', change: { path: 'a.txt' } },
      { name: 'the second file', change: { path: 'b.txt' } },
      { name: 'a file that nothing copies', change: { path: 'c.txt' } },
      { name: 'the mode alone', change: { path: 'b.txt', what: 'mode' } },
      { name: 'the time alone', change: { path: 'a.txt', what: 'time' } },
      { name: 'text of RUN', change: { instruction: 3, text: 'RUN : NEW' } },
      { name: 'a space in RUN', change: { instruction: 5, text: 'RUN true &&   : NEW' } },
      { name: 'the same source written otherwise', change: { instruction: 2, text: 'COPY ./a.txt /a' } },
      { name: 'a label in place of RUN', change: { instruction: 5, text: 'LABEL x=NEW' } },
    ],
  },
  {
    name: 'everything, and .dockerignore',
    dockerfile: `FROM ${base}\nWORKDIR /app\nCOPY . .\nRUN true`,
    files: {
      'a.txt': '',
      'README.md': '',
      'docs/guide.md': '',
      'docs/keep.md': '',
      'dist/out.js': '',
      'pack/dist/out.js': '',
      'tmp/x/y.log': '',
      Dockerfile: '',
    },
    dockerignore:
      '# a comment\n*.md\n  /dist/  \n**/*.log\ndocs/*\n!docs/keep.md\nDockerfile\n!tmp\n**/tmp/z*\n.dockerignore\n',
    changes: [
      { name: 'a file', change: { path: 'a.txt' } },
      { name: 'a new file', change: { path: 'new/deep.txt' } },
      { name: 'a file that goes', change: { path: 'a.txt' }, remove: true },
      { name: '`*.md` at the top', change: { path: 'README.md' } },
      { name: '`*.md` does not reach into folders, `docs/*` does', change: { path: 'docs/guide.md' } },
      { name: 'an exception', change: { path: 'docs/keep.md' } },
      { name: '`/dist/` at the top', change: { path: 'dist/out.js' } },
      { name: '`/dist/` is not `pack/dist`', change: { path: 'pack/dist/out.js' } },
      { name: 'an exception for a folder that nothing left out', change: { path: 'tmp/x/y.log' } },
      {
        name: '`.dockerignore`, which lets everything in now',
        change: { path: '.dockerignore' },
        did: [3, 4],
      },
      { name: 'the Dockerfile itself, ignored', change: { path: 'Dockerfile' } },
      { name: 'the directory', change: { instruction: 2, text: 'WORKDIR /NEW' } },
      {
        name: 'the same directory, which a command sees as another',
        change: { instruction: 2, text: 'WORKDIR /app/' },
      },
    ],
  },
  {
    name: 'only what an exception lets in',
    dockerfile: `FROM ${base}\nCOPY . /app/`,
    files: { 'src/main.ts': '', 'src/main.test.ts': '', 'package.json': '', 'other.txt': '', 'a[1].txt': '' },
    dockerignore: '*\n!src\n!package.json\n**/*.test.ts\n',
    changes: [
      { name: 'in the folder', change: { path: 'src/main.ts' } },
      { name: 'ignored again within it', change: { path: 'src/main.test.ts' } },
      { name: 'a file let in', change: { path: 'package.json' } },
      { name: 'a file not let in', change: { path: 'other.txt' } },
    ],
  },
  {
    name: 'wildcards',
    dockerfile: `FROM ${base}\nCOPY src/*.txt /1/\nCOPY s?c/[a-m]*.txt /2/\nCOPY pack*/ /3/\nCOPY */deep /4/`,
    files: {
      'src/main.txt': '',
      'src/zoo.txt': '',
      'src/sub/x.txt': '',
      'pack1/a.txt': '',
      'pack1/deep/b.txt': '',
      'other/deep/c.txt': '',
    },
    changes: [
      { name: 'a match of both', change: { path: 'src/main.txt' } },
      { name: 'a match of `*` alone', change: { path: 'src/zoo.txt' } },
      { name: '`*` stops at a slash', change: { path: 'src/sub/x.txt' } },
      { name: 'a folder that matches, with all in it', change: { path: 'pack1/deep/b.txt' } },
      { name: 'a folder below one that matches', change: { path: 'other/deep/c.txt' } },
      { name: 'a new match', change: { path: 'src/new.txt' } },
    ],
  },
  {
    name: '--exclude',
    dockerfile: `FROM ${base}\nCOPY --exclude=*.md . /1/\nCOPY --exclude=**/*.md --exclude=docs/x* . /2/\nCOPY --exclude=*.md docs /3/`,
    files: { 'README.md': '', 'docs/a.md': '', 'docs/x/y.txt': '', 'docs/b.txt': '' },
    changes: [
      { name: '`*.md` at the top', change: { path: 'README.md' } },
      { name: '`*.md` in a folder', change: { path: 'docs/a.md' } },
      { name: 'an excluded folder', change: { path: 'docs/x/y.txt' } },
      { name: 'what nothing excludes', change: { path: 'docs/b.txt' } },
    ],
  },
  {
    name: '--link',
    dockerfile: `FROM ${base}\nCOPY a.txt /a\nRUN true\nCOPY --link b.txt /b\nRUN true && true`,
    files: { 'a.txt': '', 'b.txt': '' },
    changes: [
      { name: 'what came before', change: { path: 'a.txt' } },
      { name: 'what is linked', change: { path: 'b.txt' } },
    ],
  },
  {
    name: '--chmod',
    dockerfile: `FROM scratch AS files\nCOPY --chmod=0644 a.txt /a\nFROM ${base}\nCOPY --from=files /a /a`,
    files: { 'a.txt': '' },
    changes: [
      { name: 'the mode alone', change: { path: 'a.txt', what: 'mode' }, did: [] },
      { name: 'the content', change: { path: 'a.txt' } },
    ],
  },
  {
    name: 'a build argument',
    dockerfile: `FROM ${base}\nRUN : above\nARG A=1\nCOPY a.txt /a\nRUN : does not use it\nRUN ["true"]\nCOPY a.txt /b`,
    files: { 'a.txt': '' },
    changes: [
      { name: 'its value', change: { arg: 'A', value: 'NEW' } },
      { name: 'its default', change: { instruction: 3, text: 'ARG A=NEW' } },
      { name: 'another name', change: { instruction: 3, text: 'ARG NEW' } },
    ],
  },
  {
    name: 'a build argument in place of a default',
    dockerfile: `FROM ${base}\nARG A=1\nRUN true`,
    args: { A: '2' },
    changes: [{ name: 'the default', change: { instruction: 2, text: 'ARG A=NEW' } }],
  },
  {
    name: 'arguments before FROM',
    dockerfile: `ARG A=1\nARG B=1\nFROM ${base}\nRUN : before\nARG A\nRUN true`,
    changes: [
      { name: 'one that the stage takes up', change: { arg: 'A', value: 'NEW' } },
      { name: 'one that it does not', change: { arg: 'B', value: 'NEW' } },
    ],
  },
  {
    name: 'arguments and stages on one another',
    dockerfile: `FROM ${base} AS one\nARG A=1\nCOPY a.txt /a\nFROM one\nCOPY b.txt /b\nRUN true`,
    files: { 'a.txt': '', 'b.txt': '' },
    changes: [
      { name: 'an argument of the stage below', change: { arg: 'A', value: 'NEW' } },
      { name: 'a file of the stage below', change: { path: 'a.txt' } },
      { name: 'a file of the stage itself', change: { path: 'b.txt' } },
    ],
  },
  {
    name: 'arguments and other stages',
    dockerfile: `FROM ${base} AS one\nARG A=1\nRUN echo same > /out\nFROM ${base}\nRUN : beside\nCOPY --from=one /out /out`,
    changes: [{ name: 'an argument of the other stage', change: { arg: 'A', value: 'NEW' }, did: [] }],
  },
  {
    name: 'ENV over ARG, ARG over ENV',
    dockerfile: `FROM ${base}\nARG A=1\nARG B=1\nENV A=fixed\nRUN : A\nENV C=fixed\nARG C\nRUN : C\nENV D=\${B}-x\nCOPY a.txt /\${D:+a}\nRUN : D`,
    files: { 'a.txt': '' },
    changes: [
      { name: 'an argument that ENV hides', change: { arg: 'A', value: 'NEW' } },
      { name: 'an argument that hides ENV', change: { arg: 'C', value: 'NEW' } },
      { name: 'a variable', change: { instruction: 6, text: 'ENV C=NEW' } },
      { name: 'an argument', change: { arg: 'B', value: 'NEW' } },
    ],
  },
  {
    name: 'variables in paths',
    dockerfile: `FROM ${base}\nARG DIR=one\nARG TO=/app\nCOPY $DIR/a.txt /a\nCOPY a.txt \${TO:-/x}/`,
    files: { 'a.txt': '', 'one/a.txt': 'same', 'two/a.txt': 'same', 'three/a.txt': 'other' },
    changes: [
      { name: 'a source that has the same in it', change: { arg: 'DIR', value: 'two' }, did: [] },
      { name: 'a source that has something else in it', change: { arg: 'DIR', value: 'three' }, did: [4, 5] },
      { name: 'a destination', change: { arg: 'TO', value: '/NEW' } },
      { name: 'the file that the default names', change: { path: 'one/a.txt' } },
      { name: 'the file that it does not', change: { path: 'two/a.txt' } },
    ],
  },
  {
    name: 'an argument that chooses the stage',
    dockerfile: `ARG V=1\nFROM ${base} AS base-1\nCOPY a.txt /a\nFROM ${base} AS base-2\nCOPY a.txt /b\nFROM base-\${V}\nCOPY a.txt /c`,
    files: { 'a.txt': '' },
    changes: [{ name: 'the choice', change: { arg: 'V', value: '2' } }],
  },
  {
    name: 'what only describes the image',
    dockerfile: `FROM ${base}\nCOPY a.txt /a\nLABEL x=1\nEXPOSE 80\nVOLUME /data\nSTOPSIGNAL SIGINT\nHEALTHCHECK NONE\nRUN true\nCMD ["a"]`,
    files: { 'a.txt': '' },
    changes: [
      { name: 'LABEL', change: { instruction: 3, text: 'LABEL x=NEW' } },
      { name: 'EXPOSE', change: { instruction: 4, text: 'EXPOSE 81' } },
      { name: 'VOLUME', change: { instruction: 5, text: 'VOLUME /NEW' } },
      { name: 'HEALTHCHECK', change: { instruction: 7, text: 'HEALTHCHECK CMD NEW' } },
      { name: 'CMD', change: { instruction: 9, text: 'CMD ["NEW"]' } },
    ],
  },
  {
    name: 'what a command runs in',
    dockerfile: `FROM ${base}\nCOPY a.txt /a\nENV A=1\nUSER 1000\nSHELL ["/bin/sh", "-c"]\nCOPY b.txt /b\nRUN ["true"]\nWORKDIR /app\nCOPY a.txt ./\nRUN true`,
    files: { 'a.txt': '', 'b.txt': '' },
    changes: [
      { name: 'ENV', change: { instruction: 3, text: 'ENV A=NEW' } },
      { name: 'USER', change: { instruction: 4, text: 'USER 1001' } },
      {
        name: 'SHELL, which the exec form has none of',
        change: { instruction: 5, text: 'SHELL ["/bin/sh", "-ec"]' },
      },
      { name: 'WORKDIR', change: { instruction: 8, text: 'WORKDIR /NEW' } },
    ],
  },
  {
    name: 'comments and continuation lines',
    dockerfile: `FROM ${base}\nCOPY a.txt /a\nRUN true && \\\n    # why\n    true\nRUN : last`,
    files: { 'a.txt': '' },
    changes: [
      { name: 'a comment', change: { instruction: 3, text: 'RUN true && \\\n    # NEW\n\n    true' } },
      { name: 'an indent', change: { instruction: 3, text: 'RUN true && \\\n  true : NEW' } },
    ],
  },
  {
    name: 'another escape character',
    dockerfile: `# escape=\`\nFROM ${base}\nCOPY a.txt /a\nRUN true && \`\n  : \\\nRUN : last`,
    files: { 'a.txt': '' },
    changes: [
      { name: 'the file', change: { path: 'a.txt' } },
      { name: 'the last line', change: { instruction: 6, text: 'RUN : NEW' } },
    ],
  },
  {
    name: 'heredocs',
    dockerfile: `FROM ${base}\nARG A=1\nCOPY <<one /one\n$A\none\nCOPY <<"two" /two\n$A\ntwo\nRUN <<EOF\ntrue\nEOF\nRUN cat <<-E > /x\n\tx\n\tE`,
    changes: [
      { name: 'an argument', change: { arg: 'A', value: 'NEW' } },
      { name: 'the text of a file', change: { instruction: 6, text: 'COPY <<"two" /two\nNEW\ntwo' } },
      { name: 'the name of a delimiter', change: { instruction: 9, text: 'RUN <<END\ntrue\nEND' } },
      { name: 'the text of a command', change: { instruction: 9, text: 'RUN <<EOF\n: NEW\nEOF' } },
      {
        name: 'the text of a file within a command',
        change: { instruction: 12, text: 'RUN cat <<-E > /x\n\tNEW\n\tE' },
      },
    ],
  },
  {
    name: 'a stage that makes the same again',
    dockerfile: `FROM ${base} AS build\nCOPY src /src\nRUN cp /src/out.txt /out\nFROM ${base}\nRUN : aside\nCOPY --from=build /out /out\nRUN : last`,
    files: { 'src/out.txt': '', 'src/comment.txt': '' },
    changes: [
      { name: 'a file that what is copied does not depend on', change: { path: 'src/comment.txt' }, did: [] },
      { name: 'a file that it does depend on', change: { path: 'src/out.txt' }, did: [6, 7] },
      { name: 'the command', change: { instruction: 3, text: 'RUN cp /src/out.txt /out # NEW' }, did: [] },
      { name: 'the time alone', change: { path: 'src/out.txt', what: 'time' } },
    ],
  },
  {
    name: 'stages in a chain',
    dockerfile: `FROM ${base} AS one\nCOPY a.txt b.txt /in/\nRUN cat /in/a.txt > /a; cat /in/b.txt > /b\nFROM ${base} AS two\nCOPY --from=one /a /a\nRUN cp /a /c\nFROM scratch\nCOPY --from=two /c /c\nCOPY --from=one /b /b`,
    files: { 'a.txt': '', 'b.txt': '' },
    changes: [
      { name: 'what goes the long way', change: { path: 'a.txt' }, did: [5, 6, 8, 9] },
      { name: 'what goes the short way', change: { path: 'b.txt' }, did: [9] },
    ],
  },
  {
    name: 'a stage that only copies',
    dockerfile: `FROM scratch AS files\nCOPY . /files/\nFROM scratch\nCOPY --from=files /files/a.txt /a\nCOPY --from=files /files/sub /sub\nCOPY --from=0 /files/b* /c/`,
    files: { 'a.txt': '', 'b.txt': '', 'sub/c.txt': '', 'd.txt': '' },
    dockerignore: 'Dockerfile\n',
    changes: [
      { name: 'one file', change: { path: 'a.txt' } },
      { name: 'in a folder', change: { path: 'sub/c.txt' } },
      { name: 'by wildcard', change: { path: 'b.txt' } },
      { name: 'what nothing takes along', change: { path: 'd.txt' } },
      { name: 'a new file in a folder', change: { path: 'sub/new.txt' } },
    ],
  },
  {
    name: 'a file put over another',
    dockerfile: `FROM scratch AS files\nCOPY a.txt /x\nCOPY b.txt /x\nCOPY a.txt /y\nFROM scratch\nCOPY --from=files /x /x\nCOPY --from=files /y /y`,
    files: { 'a.txt': '', 'b.txt': '' },
    changes: [
      { name: 'the one below', change: { path: 'a.txt' }, did: [] },
      { name: 'the one on top', change: { path: 'b.txt' } },
    ],
  },
  {
    name: 'links in the base image',
    dockerfile: `FROM ${base} AS files\nCOPY a.txt /usr/bin/a\nFROM ${base}\nCOPY --from=files /bin/a /a\nCOPY --from=files /etc/passwd /b`,
    files: { 'a.txt': '' },
    changes: [
      { name: 'a file copied by another name of its folder', change: { path: 'a.txt' }, did: [4, 5] },
    ],
  },
  {
    name: 'stages that the target does not need',
    dockerfile: `FROM ${base} AS one\nCOPY a.txt /a\nFROM one AS two\nCOPY b.txt /b\nFROM one AS three\nCOPY c.txt /c`,
    files: { 'a.txt': '', 'b.txt': '', 'c.txt': '' },
    target: 'TWO',
    changes: [
      { name: 'a file that both take', change: { path: 'a.txt' } },
      { name: 'a file of the target', change: { path: 'b.txt' } },
      { name: 'a file of the stage beside', change: { path: 'c.txt' } },
    ],
  },
  {
    name: 'bind mounts',
    dockerfile: `FROM ${base} AS made\nCOPY a.txt b.txt /\nFROM ${base}\nRUN --mount=type=bind,source=a.txt,target=/in/a cat /in/a\nRUN --mount=target=/in,rw ls /in\nRUN --mount=from=made,source=/b.txt,target=/b cat /b`,
    files: { 'a.txt': '', 'b.txt': '', 'c.txt': '', 'd.log': '' },
    dockerignore: '*.log\n',
    changes: [
      { name: 'the file that is mounted', change: { path: 'a.txt' } },
      { name: 'a file of the whole context', change: { path: 'c.txt' } },
      { name: 'an ignored file', change: { path: 'd.log' } },
      { name: '`.dockerignore`', change: { path: '.dockerignore' }, did: [5, 6] },
      { name: 'a file of the other stage', change: { path: 'b.txt' } },
    ],
  },
  {
    name: 'a bind mount of what a stage made',
    dockerfile: `FROM ${base} AS made\nCOPY a.txt b.txt /\nRUN cp /b.txt /c.txt\nFROM ${base}\nRUN --mount=from=made,source=/c.txt,target=/c cat /c\nRUN --mount=type=cache,from=made,source=/,target=/d true`,
    files: { 'a.txt': '', 'b.txt': '' },
    changes: [
      { name: 'what it is not made of', change: { path: 'a.txt' }, did: [6] },
      { name: 'what it is made of', change: { path: 'b.txt' }, did: [5, 6] },
    ],
  },
  {
    name: 'secrets and caches',
    dockerfile: `FROM ${base}\nCOPY a.txt /a\nRUN --mount=type=secret,id=token --mount=type=cache,target=/c true\nRUN --mount=type=tmpfs,target=/t true`,
    files: { 'a.txt': '' },
    changes: [
      { name: 'what the secret holds', change: { secret: 'token' } },
      {
        name: 'the id of the cache',
        change: {
          instruction: 3,
          text: 'RUN --mount=type=secret,id=token --mount=type=cache,id=NEW,target=/c true',
        },
      },
    ],
  },
  {
    name: 'the same from another folder',
    dockerfile: `FROM ${base}\nCOPY one/a.txt /a\nRUN true`,
    files: { 'one/a.txt': 'same', 'two/a.txt': 'same', 'three/a.txt': 'other', 'two/b.txt': 'same' },
    changes: [
      {
        name: 'of the same name and content',
        change: { instruction: 2, text: 'COPY two/a.txt /a' },
        did: [],
      },
      { name: 'of another content', change: { instruction: 2, text: 'COPY three/a.txt /a' }, did: [2, 3] },
      { name: 'of another name', change: { instruction: 2, text: 'COPY two/b.txt /a' } },
    ],
  },
  {
    name: 'symbolic links in the context',
    dockerfile: `FROM ${base}\nCOPY link.txt /1/\nCOPY folder /2/\nCOPY a.txt /3/\nCOPY now/b.txt /4/`,
    files: { 'link.txt': '-> a.txt', 'a.txt': '', 'v1/b.txt': '', now: '-> v1', 'folder/c.txt': '' },
    changes: [
      { name: 'the file that a link leads to', change: { path: 'a.txt' } },
      { name: 'a file in the folder that a link leads to', change: { path: 'v1/b.txt' } },
      { name: 'a file beside', change: { path: 'folder/c.txt' } },
    ],
  },
  {
    name: 'ADD',
    dockerfile: `FROM scratch AS files\nADD a.txt /a\nFROM scratch\nCOPY --from=files /a /a\nADD --chmod=0600 b.txt c.txt /`,
    files: { 'a.txt': '', 'b.txt': '', 'c.txt': '' },
    changes: [
      { name: 'what may have been an archive', change: { path: 'a.txt' }, did: [4, 5] },
      { name: 'the second of two', change: { path: 'c.txt' } },
    ],
  },
  {
    name: 'names of stages',
    dockerfile: `FROM ${base} AS Build-1.x\nCOPY a.txt /a\nFROM build-1.x\nCOPY --from=BUILD-1.X /a /h\nCOPY b.txt /b`,
    files: { 'a.txt': '', 'b.txt': '' },
    changes: [
      { name: 'a file below', change: { path: 'a.txt' } },
      { name: 'a file above', change: { path: 'b.txt' } },
    ],
  },
  {
    name: 'ONBUILD is for others',
    dockerfile: `FROM ${base}\nCOPY a.txt /a\nONBUILD COPY b.txt /b\nRUN true`,
    files: { 'a.txt': '', 'b.txt': '' },
    changes: [{ name: 'the file that it names', change: { path: 'b.txt' } }],
  },
  {
    name: 'another digest of an image',
    dockerfile: `FROM ${movingImage} AS files\nCOPY a.txt /a\nFROM scratch\nCOPY --from=files /same /same\nCOPY --from=${movingImage} /moved /moved\nCOPY a.txt /b`,
    files: { 'a.txt': '' },
    changes: [{ name: 'the image', change: { base: movingImage }, did: [5, 6] }],
  },
  {
    name: 'the JSON form, and names with spaces',
    dockerfile: `FROM ${base}\nCOPY ["a file.txt", "/my files/"]\nENV NAME="a b" OTHER=c\\ d\nRUN true`,
    files: { 'a file.txt': '', 'b.txt': '' },
    changes: [
      { name: 'the file', change: { path: 'a file.txt' } },
      { name: 'quotes for an escape', change: { instruction: 3, text: `ENV NAME=a\\ b OTHER='c d'` } },
    ],
  },
  {
    name: 'platform arguments',
    dockerfile: `FROM --platform=$BUILDPLATFORM ${base}\nARG TARGETARCH\nCOPY a.txt /a-\${TARGETARCH}\nRUN true`,
    files: { 'a.txt': '' },
    changes: [{ name: 'the file', change: { path: 'a.txt' } }],
  },
  {
    name: 'linked, with a mode of its own',
    dockerfile: 'FROM scratch\nCOPY a.txt /a\nCOPY --link --chmod=0644 b.txt /b\nCOPY --link b.txt /c',
    files: { 'a.txt': '', 'b.txt': '' },
    changes: [
      { name: 'what comes before it', change: { path: 'a.txt' } },
      {
        name: 'the same mode written otherwise',
        change: { instruction: 3, text: 'COPY --link --chmod=644 b.txt /b' },
      },
    ],
  },
  {
    name: 'exceptions of --exclude',
    dockerfile: 'FROM scratch\nCOPY --exclude=* --exclude=!keep.txt . /x/',
    files: { 'keep.txt': '', 'other.txt': '' },
    changes: [
      { name: 'what an exception keeps', change: { path: 'keep.txt' } },
      { name: 'what none keeps', change: { path: 'other.txt' } },
    ],
  },
  {
    name: 'a path that leads out of the context',
    dockerfile: 'FROM scratch\nCOPY .. /app/\nCOPY ../../a.txt /a',
    files: { 'a.txt': '', 'b.txt': '' },
    changes: [
      { name: 'a file of the context', change: { path: 'a.txt' } },
      { name: 'another', change: { path: 'b.txt' } },
    ],
  },
  {
    name: 'two stars right before a name',
    dockerfile: 'FROM scratch\nCOPY . /x/',
    files: { 'prod.env': '', '.env.local': '', 'a/.env': '', 'a/b.bak': '', 'a.txt': '' },
    dockerignore: '**.env*\n**.bak\n',
    changes: [
      { name: 'with a wildcard, a whole name', change: { path: 'prod.env' } },
      { name: 'that name', change: { path: '.env.local' } },
      { name: 'that name in a folder', change: { path: 'a/.env' } },
      { name: 'without one, the end of a path', change: { path: 'a/b.bak' } },
    ],
  },
  {
    name: 'a folder that only an exception lets in',
    dockerfile: 'FROM scratch\nCOPY . /x/',
    files: { 'src/a.txt': '', 'src/b.txt': '', 'lib/a.txt': '' },
    dockerignore: '*\n!src/a.txt\n',
    changes: [
      { name: 'its mode', change: { path: 'src', what: 'mode' }, did: [] },
      { name: 'the mode of another', change: { path: 'lib', what: 'mode' } },
    ],
  },
  {
    name: 'FROM in other words',
    dockerfile: `FROM ${base} AS a\nCOPY a.txt /a\nFROM a\nCOPY a.txt /b`,
    files: { 'a.txt': '' },
    changes: [
      { name: 'a small as', change: { instruction: 1, text: `FROM ${base} as a` } },
      { name: 'the same text', change: { instruction: 1, text: `FROM ${base} AS a` } },
      { name: 'the whole name', change: { instruction: 1, text: `FROM docker.io/library/${base} AS a` } },
    ],
  },
  {
    name: 'one file over another',
    dockerfile: 'FROM scratch AS files\nCOPY * /x/\nFROM scratch\nCOPY --from=files /x /y/',
    files: { 'a.txt': '', 'src/a.txt': '' },
    changes: [
      { name: 'the one below, away', change: { path: 'a.txt' }, remove: true },
      { name: 'the one above', change: { path: 'src/a.txt' }, did: [4] },
    ],
  },
  {
    name: 'variables in another order',
    dockerfile: `FROM ${base}\nCOPY a.txt /a\nENV A=1 B=2\nRUN true`,
    files: { 'a.txt': '' },
    changes: [
      { name: 'the other way round', change: { instruction: 3, text: 'ENV B=2 A=1' } },
      { name: 'the same', change: { instruction: 3, text: 'ENV  A="1" B=2' } },
    ],
  },
  {
    name: 'the shell in other words',
    dockerfile: `FROM ${base}\nCOPY a.txt /a\nSHELL ["/bin/sh", "-c"]\nRUN true`,
    files: { 'a.txt': '' },
    changes: [
      { name: 'with more spaces', change: { instruction: 3, text: 'SHELL [ "/bin/sh",   "-c" ]' } },
      { name: 'another shell', change: { instruction: 3, text: 'SHELL ["/bin/bash", "-c"]' } },
    ],
  },
  {
    name: 'the time of the source',
    dockerfile: 'FROM scratch\nARG SOURCE_DATE_EPOCH\nCOPY a.txt /a\nWORKDIR /w\nCOPY a.txt /b',
    files: { 'a.txt': '' },
    args: { SOURCE_DATE_EPOCH: '1' },
    changes: [{ name: 'another', change: { arg: 'SOURCE_DATE_EPOCH', value: '2' } }],
  },
  {
    name: 'a script in a heredoc',
    dockerfile: `FROM ${base}\nCOPY a.txt /a\nRUN <<EOF\n#!/bin/sh\ntrue\nEOF`,
    files: { 'a.txt': '' },
    changes: [
      { name: 'its delimiter', change: { instruction: 3, text: 'RUN <<END\n#!/bin/sh\ntrue\nEND' } },
      {
        name: 'a space before its delimiter',
        change: { instruction: 3, text: 'RUN << EOF\n#!/bin/sh\ntrue\nEOF' },
      },
    ],
  },
]
