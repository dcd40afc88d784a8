// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of Dockerfiles
import fc from 'fast-check'

/** A grammar of Dockerfiles, each part of which is wrong now and then, in ways that people get it wrong. */

const one = <T>(...values: T[]) => fc.constantFrom(...values)
const join = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((all) => all.join(''))
const sometimes = (rare: fc.Arbitrary<string>, weight = 1, usual = one('')) =>
  fc.oneof({ weight: 4, arbitrary: usual }, { weight, arbitrary: rare })
const spaced = (part: fc.Arbitrary<string>, maxLength: number, minLength = 1) =>
  fc.array(part, { minLength, maxLength }).map((all) => all.join(' '))

/** Mostly one of the first, and one of the wrong ones now and then. */
const either = (right: string[], wrong: string[]) =>
  fc.oneof({ weight: 40, arbitrary: one(...right) }, { weight: 1, arbitrary: one(...wrong) })

const variable = one('A', 'B', 'V', 'T', 'TARGETSTAGE', 'TARGETOS', 'PATH', 'NOPE')
const plain = one('a', 'b', '1', '3.1', 'a.txt', 'x/y', '/x', 'prod', 'é', 'a-b', '.', '80', '-')
const pattern = either(['.', '.*', '*.', '?', '*', 'a', '\\*', '', '3*'], ['\\a', '/'])
const expansion = fc.oneof(
  { weight: 60, arbitrary: variable.map((name) => `$${name}`) },
  { weight: 60, arbitrary: variable.map((name) => `\${${name}}`) },
  {
    weight: 45,
    arbitrary: join(
      one('${'),
      variable,
      either([':-', '-', ':+', '+'], [':?', '?']),
      one('x', '', '$B', '${B:-y}', "'z'"),
      one('}'),
    ),
  },
  { weight: 45, arbitrary: join(one('${'), variable, one('#', '##', '%', '%%'), pattern, one('}')) },
  {
    weight: 30,
    arbitrary: join(one('${'), variable, one('/', '//'), pattern, one('/'), one('', 'z', '-'), one('}')),
  },
  { weight: 1, arbitrary: one('${A:0:2}', '${A', '$', '${}', '${:-x}', '$1', '$@', '${A^}', '$$') },
)
/** What ends in the other escape character. */
const windows = one('"C:\\a b\\"', '"a\\"')
const piece = fc.oneof(
  { weight: 2, arbitrary: windows },
  { weight: 75, arbitrary: plain },
  { weight: 60, arbitrary: expansion },
  {
    weight: 1,
    arbitrary: one("'q'", '"d"', '"d $A"', "'$A'", '\\$A', '\\"', '"', "'", '\\', 'a\\ b', '\u00a0', '<'),
  },
)
const word = fc.oneof(
  { weight: 45, arbitrary: plain },
  { weight: 60, arbitrary: fc.array(piece, { minLength: 1, maxLength: 3 }).map((all) => all.join('')) },
)

const stageName = one('a', 'b', 'base-1', 'base-prod', 'prod', 'B')
const image = fc.oneof(
  { weight: 120, arbitrary: one('scratch') },
  { weight: 90, arbitrary: stageName },
  {
    weight: 30,
    arbitrary: one('node:26', 'docker.io/library/node:26', `localhost:5000/x/y@sha256:${'a'.repeat(64)}`),
  },
  {
    weight: 30,
    arbitrary: either(
      ['base-$V', 'base-${V%%.*}', 'base-${TARGETSTAGE}', '${A:-scratch}', '${NOPE:-scratch}', 'foo:${V:-1}'],
      ['$T', '${T}', 'foo:${NOPE}', '$NOPE'],
    ),
  },
  {
    weight: 1,
    arbitrary: one('docker://foo', 'Foo', 'foo:', 'foo/', 'foo:a:b', '-foo', 'x@sha256:1', 'a__b', 'a___b'),
  },
)
const from = join(
  one('FROM', 'from'),
  sometimes(
    either(
      [' --platform=linux/amd64', ' --platform=$TARGETOS/arm64', ' --platform=amd64'],
      [' --platform=$NOPE', ' --platform=nope', ' --x=1'],
    ),
  ),
  image.map((name) => ` ${name}`),
  fc.oneof(
    { weight: 75, arbitrary: join(one(' AS ', ' as '), stageName) },
    { weight: 45, arbitrary: one('') },
    { weight: 1, arbitrary: one(' AS', ' AS 1', ' AS a b', ' a') },
  ),
)

const assignment = join(one('A', 'B', 'V', 'T', 'SOURCE'), one('='), word)
const arg = join(
  one('ARG '),
  spaced(fc.oneof({ weight: 60, arbitrary: assignment }, { weight: 30, arbitrary: variable }), 3),
)
const env = fc.oneof(
  { weight: 75, arbitrary: join(one('ENV '), spaced(assignment, 3)) },
  { weight: 1, arbitrary: join(one('ENV A ', 'ENV A  ', 'ENV '), word) },
  { weight: 1, arbitrary: one('ENV', 'ENV =1', 'ENV A=1 B', 'ENV --x=1 A=1') },
)
const json = fc.oneof(
  {
    weight: 75,
    arbitrary: fc.array(one('a', '-c', 'b c'), { maxLength: 3 }).map((all) => JSON.stringify(all)),
  },
  { weight: 1, arbitrary: one('["sleep", 10]', '[a]', '["a",]', '[ "a" ]', '[null]', '["a"] b', '[]') },
)
const heredoc = one(
  '<<EOF /x\na $A\nEOF',
  '<<"EOF" /x\na\nEOF',
  '<<-EOF /x\n\ta\n\tEOF',
  '<<EOF <<E2 /x/\na\nEOF\nb\nE2',
  'a <<EOF\nx\nEOF',
)
const copyFlag = fc.oneof(
  {
    weight: 60,
    arbitrary: join(
      one('--from='),
      fc.oneof(
        { weight: 75, arbitrary: stageName },
        { weight: 30, arbitrary: either(['0', 'nginx', 'scratch'], ['1', '7', '$A', '-1', 'Foo']) },
      ),
    ),
  },
  { weight: 60, arbitrary: either(['--link', '--link=true', '--link=FALSE'], ['--link=maybe']) },
  {
    weight: 45,
    arbitrary: either(
      ['--chmod=0755', '--chmod=755', '--chmod=u+x', '--chmod=u=rwX,go=', '--chmod='],
      ['--chmod=999', '--chmod=$A', '--chmod=10000'],
    ),
  },
  {
    weight: 30,
    arbitrary: either(
      ['--chown=1:1', '--chown=$A', '--exclude=*', '--exclude=!a', '--exclude=$NOPE'],
      ['--form=a'],
    ),
  },
)
const copy = join(
  either(['COPY ', 'copy ', 'ADD ', 'COPY\t'], ['COPY\u00a0']),
  fc.array(copyFlag, { maxLength: 2 }).map((all) => all.map((each) => `${each} `).join('')),
  fc.oneof(
    { weight: 90, arbitrary: spaced(word, 3, 2) },
    { weight: 60, arbitrary: heredoc },
    { weight: 1, arbitrary: json },
    { weight: 1, arbitrary: one('a', '', '.. /app', 'https://example.com/x /x', '--checksum=sha256:1 a b') },
  ),
)
const mountField = fc.oneof(
  {
    weight: 90,
    arbitrary: either(
      ['type=cache', 'type=bind', 'type=tmpfs', 'type=secret', 'type=ssh', 'TYPE=Cache'],
      ['type=foo', 'type=$T'],
    ),
  },
  {
    weight: 90,
    arbitrary: either(['target=/x', 'dst=y', 'destination=/x$A'], ['target=/', 'target=', 'target=..']),
  },
  { weight: 45, arbitrary: either(['from=nginx', 'source=/a', 'src=$A'], ['from=a', 'from=$A', 'from=0']) },
  {
    weight: 45,
    arbitrary: either(
      ['id=x', 'ro', 'rw', 'readonly=true'],
      [
        'sharing=locked',
        'sharing=foo',
        'readonly=maybe',
        'required',
        'required=true',
        'mode=0755',
        'mode=9',
        'uid=1',
        'uid=x',
        'size=1m',
        'size=x',
        'env=A',
        'foo=1',
        'target',
      ],
    ),
  },
)
/** As people write them. */
const wholeMount = one(
  '--mount=type=cache,target=/x,sharing=locked ',
  '--mount=type=cache,target=/x,sharing=foo ',
  '--mount=type=secret,id=a,target=/x,mode=0400 ',
)
const mount = fc.array(mountField, { minLength: 1, maxLength: 4 }).map((all) => `--mount=${all.join(',')} `)
const command = fc.oneof(
  { weight: 90, arbitrary: one('true', 'echo $A', 'a && b', 'echo "x', "echo 'x y'") },
  {
    weight: 60,
    arbitrary: one(
      '<<EOF\na\nEOF',
      '<< EOF\na\nEOF',
      '<<EOF\n#!/bin/sh\na\nEOF',
      'cat << EOF > /x\na\nEOF',
      'cat <<EOF <<-E2\na\nEOF\n\tb\n\tE2',
      "<<'EOF'\n$A\nEOF",
      '<<\\EOF\na\nEOF',
      '3<<EOF cat\na\nEOF',
    ),
  },
  {
    weight: 1,
    arbitrary: one(
      'echo $(( 1 << 2 ))',
      'cat <<< x',
      '<<EOF\na',
      'a<<b',
      '"<<EOF"',
      '<<EOF>x\na\nEOF',
      '<<EOF>x\na\nEOF>x',
    ),
  },
  { weight: 30, arbitrary: json },
)
const run = join(
  one('RUN '),
  sometimes(
    fc
      .array(fc.oneof({ weight: 12, arbitrary: mount }, { weight: 1, arbitrary: wholeMount }), {
        minLength: 1,
        maxLength: 2,
      })
      .map((all) => all.join('')),
    1,
  ),
  sometimes(either(['--network=none ', '--network=default '], ['--network=foo ', '--x '])),
  command,
)
const other = fc.oneof(
  join(one('WORKDIR '), word),
  join(one('USER '), word),
  join(one('LABEL '), spaced(assignment, 2)),
  join(one('LABEL a ', 'VOLUME '), word),
  join(one('VOLUME ', 'SHELL ', 'CMD ', 'ENTRYPOINT '), json),
  join(one('CMD ', 'ENTRYPOINT '), command),
  join(
    one('EXPOSE '),
    spaced(
      fc.oneof(
        {
          weight: 20,
          arbitrary: either(
            ['80', '443/udp', '80-90', '1.2.3.4:1:2', '8:9', '80/TCP'],
            ['90-80', '80,', '70000', '80/http', 'x'],
          ),
        },
        { weight: 1, arbitrary: expansion },
      ),
      2,
    ),
  ),
  join(
    one('STOPSIGNAL '),
    fc.oneof(
      {
        weight: 20,
        arbitrary: either(['SIGTERM', '9', 'TERM', 'sigint', 'RTMIN+1'], ['NOPE', '0', 'SIGTERM SIGINT']),
      },
      { weight: 1, arbitrary: expansion },
    ),
  ),
  join(
    one('HEALTHCHECK '),
    sometimes(
      either(
        ['--interval=30s ', '--retries=3 ', '--start-period=1h2m ', '--interval=0 '],
        ['--interval=30 ', '--timeout=1us ', '--retries=x ', '--retries=-1 ', '--interval=-1s ', '--x=1 '],
      ),
      4,
    ),
    fc.oneof(
      either(['NONE', 'none'], ['NONE x', 'CMD', 'foo']),
      join(one('CMD '), command),
      join(one('CMD '), json),
    ),
  ),
  join(
    one('ONBUILD '),
    fc.oneof(
      either(['CMD ["a"]', 'FOO'], ['FROM a', 'ONBUILD RUN a', 'MAINTAINER x', 'CMD ["a", 1]']),
      run,
      copy,
    ),
  ),
  either(
    [
      'MAINTAINER x',
      '# a comment',
      '',
      '  ',
      'RUN a \\\n  b',
      'RUN a \\\n# c\n\n  b',
      'ENV A=1 \\\n  B=2',
      '\tRUN a',
    ],
    ['MAINTAINER', 'FOO x', 'RUN', 'RUN `\n a', 'SHELL sh', 'EXPOSE', 'USER', 'WORKDIR'],
  ),
)
const line = fc.oneof(
  { weight: 45, arbitrary: arg },
  { weight: 60, arbitrary: env },
  { weight: 75, arbitrary: copy },
  { weight: 75, arbitrary: run },
  { weight: 60, arbitrary: other },
)
const stage = fc.tuple(from, fc.array(line, { maxLength: 4 })).map(([head, lines]) => [head, ...lines])
const values = one('ARG V=3.1', 'ARG T=cache', 'ARG A=a B=$A', 'ARG V=1 T=base-$V', 'ARG A', 'ARG A=${V#3}')
const directive = either(
  ['# escape=`', '# escape=\\', '# syntax=a', '# check=skip=all', '#escape = `', '# a', '# escape=` '],
  ['# escape=x', '# Escape=`\n# escape=`'],
)

export const dockerfile: fc.Arbitrary<string> = fc
  .tuple(
    sometimes(directive.map((text) => `${text}\n`)),
    fc.array(fc.oneof({ weight: 120, arbitrary: values }, { weight: 1, arbitrary: line }), { maxLength: 2 }),
    fc.array(stage, { minLength: 1, maxLength: 3 }),
    one('\n', '\n', '\r\n', '\n\n'),
  )
  .map(
    ([head, globals, stages, end]) => head + [...globals, ...stages.flat()].join('\n').replaceAll('\n', end),
  )

/** With one line that may be wrong. */
export const oneLine: fc.Arbitrary<string> = fc
  .tuple(
    sometimes(one('# escape=`\n')),
    sometimes(
      values.map((text) => `${text}\n`),
      2,
    ),
    fc.oneof(
      { weight: 6, arbitrary: line.map((text) => `FROM scratch\n${text}`) },
      { weight: 1, arbitrary: from },
    ),
  )
  .map((all) => all.join(''))

/** Nothing that is copied: BuildKit's key of each step is all that its result depends on. */
const certain = fc.oneof(
  {
    weight: 4,
    arbitrary: join(
      one('ENV '),
      spaced(join(one('A', 'B', 'V'), one('='), one('1', 'x', '"q"', '$A')), 2, 2),
    ),
  },
  { weight: 1, arbitrary: join(one('ARG '), spaced(join(one('A', 'B', 'V'), one('='), one('1', 'x')), 2)) },
  { weight: 3, arbitrary: one('RUN true', 'RUN echo $A', 'RUN ["a", "b"]', 'RUN --network=none a') },
  {
    weight: 3,
    arbitrary: one('RUN <<EOF\n#!/bin/sh\na\nEOF', 'RUN <<EOF\na\nEOF', 'COPY --chmod=0755 <<EOF /x\na\nEOF'),
  },
  {
    weight: 2,
    arbitrary: one(
      'SHELL ["/bin/sh", "-c"]',
      'SHELL ["/a"]',
      'WORKDIR /w',
      'WORKDIR x',
      'USER 1',
      'LABEL a=b',
    ),
  },
)
export const steps: fc.Arbitrary<string> = fc
  .tuple(
    one('FROM scratch', 'FROM scratch AS a', 'FROM node:26'),
    fc.array(certain, { minLength: 2, maxLength: 6 }),
  )
  .map(([head, lines]) => [head, ...lines].join('\n'))

export const question = fc.record(
  {
    target: either(['a', 'b', 'prod', 'B'], ['nope']),
    args: fc.dictionary(one('A', 'V', 'T', 'TARGETOS'), one('', 'x', '1', 'scratch', 'a b', 'cache'), {
      maxKeys: 2,
    }),
  },
  { requiredKeys: [] },
)

const segment = one('a', 'b', 'a.txt', '.env', 'prod.env', 'src', 'x.md')
const ignorePiece = one(
  '*',
  '**',
  '?',
  '[a-b]',
  '[^a]',
  '/',
  '/',
  '.',
  '..',
  'a',
  'b',
  'src',
  '.env',
  'txt',
  '\\*',
  '\\a',
  '!',
  ' ',
  'md',
)
export const ignoring = fc.record({
  dockerignore: fc
    .array(fc.tuple(one('', '', '!', '/', '# '), fc.array(ignorePiece, { minLength: 1, maxLength: 4 })), {
      maxLength: 4,
    })
    .map((lines) => lines.map(([head, rest]) => head + rest.join('')).join('\n')),
  paths: fc.array(
    fc.array(segment, { minLength: 1, maxLength: 3 }).map((all) => all.join('/')),
    { minLength: 1, maxLength: 4 },
  ),
})

/** Another text for an instruction, often the same but for its spaces, quotes, order or case. */
const instead = fc.oneof({ weight: 45, arbitrary: line }, { weight: 1, arbitrary: from })
export const rewrite: fc.Arbitrary<(text: string) => string> = fc.oneof(
  { weight: 30, arbitrary: instead.map((text) => () => text) },
  {
    weight: 45,
    arbitrary: one<(text: string) => string>(
      (text) => text,
      (text) => text.replace(' ', '  '),
      (text) => text.toLowerCase(),
      (text) => text.replace(/=(\w+)/, '="$1"'),
      (text) => text.replace(/^(ENV|ARG) (\S+) (\S+)$/, '$1 $3 $2'),
      (text) => text.replace(/--chmod=0?755/, '--chmod=0755'),
      (text) => text.replaceAll('EOF', 'END'),
      (text) => text.replace('<<', '<< '),
      (text) => text.replace(/ as \w+$/i, ' AS z'),
      (text) => text.replace('node:26', 'docker.io/library/node:26'),
      (text) => text.replace('["', '[ "'),
      (text) => `${text} `,
      (text) => text.replace('target=', 'dst='),
      (text) => text.replace('/x', '/./x'),
    ),
  },
)
