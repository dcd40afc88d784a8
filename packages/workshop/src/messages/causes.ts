import type { Lang } from '../model.ts'

/** What was seen, for what no exercise has a text of its own: by the fact or by what kept it from being seen. */
export const causes: Record<Lang, Record<string, string> & { other: string }> = {
  en: {
    other: 'Seen: {{value}}.',
    missing:
      '`{{file}}` is not there: deleted, or under another name. `reset` gives you the first one back, and keeps what you have.',
    empty: '`{{file}}` is empty. It needs a `FROM` at least; `reset` gives you the first one back.',
    encoding: '`{{file}}` is not UTF-8 text, so BuildKit cannot read it. Save it again as UTF-8.',
    'line-ends':
      '`{{path}}` has Windows line ends (CRLF). Linux looks for a program whose name ends in a carriage return, and says "no such file or directory". Save it with LF.',
    syntax: '[[Line {{line}} cannot be read: ]]{{error}}.',
    target: 'There is no stage `{{target}}` to build: the exercise builds it by that name.',
    base: 'The image {{value}} is not on this machine, so nothing was built. The exercise needs no others than {{bases}}. If you want this one: docker pull {{value}}',
    build: 'The build stops[[ at line {{line}}, `{{instruction}}`]]: {{output}}',
    'build.frontend':
      'The line `# syntax=` names an image that cannot be pulled here. The frontend that the engine brings is enough: leave the line out.',
    'build.time':
      'The build was ended after {{seconds}} s: a step of it does not come to an end by itself, or downloads too much. (WORKSHOP_BUILD_SECONDS=600 gives it more.)',
    'build.disk': 'The build was ended: it had written more than 5 GB to the disk.',
    'silent.not-started': 'The container cannot be started: {{output}}',
    'silent.exited':
      'The container ends with code {{code}} before it answers on port {{port}}. It said: {{output}}',
    'silent.loopback':
      'The server listens on port {{otherPort}} of 127.0.0.1, where only the container itself reaches it. In a container it has to listen on 0.0.0.0.',
    'silent.other-port': 'The server listens on port {{otherPort}}, and is asked on port {{port}}.',
    'silent.nothing-listens':
      'The container runs, and nothing listens on a port after ten seconds. It said: {{output}}',
    'silent.no-answer': 'The server listens on port {{port}}, and does not answer. It said: {{output}}',
    stages: 'The target needs these stages: {{value}}.',
    'stage-count': 'Stages that the target needs: {{value}}.',
    bases: 'The stages begin from: {{value}}.',
    'final-base': 'The image stands on {{value}}.',
    context: 'The build context holds {{files}} files, among them {{value}}.',
    'context-size': 'The build context holds {{files}} files of {{value}} together; the largest is {{path}}.',
    reruns:
      'Line {{line}}, `{{instruction}}`: {{value}} after `{{path}}` changed. It begins at line {{causeLine}}, `{{cause}}`.',
    'reruns.absent': 'No instruction does what this step is about (looked for: `{{instruction}}`).',
    'rerun-lines': 'These lines run again: {{lines}}.',
    'command-form': 'The command is in {{value}} form.',
    lint: "BuildKit's own checks find: {{value}} (line {{line}}).",
    user: 'The user of the image is "{{value}}".',
    'user-is-root': 'Whether a container starts as root: {{value}}.',
    env: 'The variables of the image are {{value}}.',
    entrypoint: 'The entrypoint of the image is {{value}}.',
    cmd: 'The command of the image is {{value}}.',
    exposes: 'The ports that the image exposes: {{value}}.',
    healthcheck: 'The health check of the image is {{value}}.',
    workdir: 'The working directory of the image is {{value}}.',
    history: 'The history of the image shows it: docker history --no-trunc.',
    layers: 'The image has {{value}} layers.',
    'found-in-cache': 'The history of the stage `{{stage}}` shows it. A stage is in the build cache.',
    'size.disk': 'The image takes {{value}} on disk; the limit is {{limit}}.',
    'size.pull': 'A pull of the image transfers {{value}}; the limit is {{limit}}.',
    'size.added':
      'The image adds {{value}} to its base; the limit is {{limit}}. Most of it, {{layerSize}}, is from `{{instruction}}`.',
    'layer-size': 'The layer takes {{value}}; the limit is {{limit}}.',
    waste:
      '{{value}} of the image are hidden by later layers, the limit is {{limit}}. The largest: {{path}}, written by `{{layer}}`, hidden by `{{buriedBy}}`.',
    found: 'It is in the image: {{value}}.',
    files: 'The image has {{files}} such files: {{value}}.',
    owner: '{{path}} belongs to {{value}}.',
    packages: 'The image has {{packages}} such packages: {{value}}.',
    tools: 'The image has {{value}}.',
    answers: '`GET {{route}}` on port {{port}} answers {{code}}: {{body}}',
    body: '`GET {{route}}` on port {{port}} answers {{code}}: {{body}}',
    output: 'The container writes: {{value}}',
    'exit-code': 'The container ends with code {{value}}. It said: {{output}}',
    'process-users': 'Its processes run as the users {{value}}.',
    processes: 'Its processes: {{value}}.',
    stops: 'On SIGTERM: {{value}} (exit code {{code}}). Process 1 is `{{process}}`.',
    contract: 'The promise `{{promise}}` is {{value}}: {{output}}',
    'layers.added': 'The image has {{value}} layers beyond its base.',
    prediction: 'You said {{answer}}; the engine says {{value}}.',
    'prediction.open': 'This question is not answered yet: pnpm workshop predict',
  },
  es: {
    other: 'Se ve: {{value}}.',
    missing:
      'No está `{{file}}`: se ha borrado o tiene otro nombre. `reset` te devuelve el del principio y conserva lo que tienes.',
    empty: '`{{file}}` está vacío. Necesita al menos un `FROM`; `reset` te devuelve el del principio.',
    encoding: '`{{file}}` no es texto UTF-8, así que BuildKit no puede leerlo. Guárdalo de nuevo en UTF-8.',
    'line-ends':
      '`{{path}}` tiene finales de línea de Windows (CRLF). Linux busca un programa cuyo nombre acaba en un retorno de carro y dice «no such file or directory». Guárdalo con LF.',
    syntax: '[[La línea {{line}} no se puede leer: ]]{{error}}.',
    target: 'No hay ninguna etapa `{{target}}` que construir: el ejercicio la construye por ese nombre.',
    base: 'La imagen {{value}} no está en esta máquina, así que no se ha construido nada. El ejercicio no necesita más que {{bases}}. Si quieres esta: docker pull {{value}}',
    build: 'La construcción se detiene[[ en la línea {{line}}, `{{instruction}}`]]: {{output}}',
    'build.frontend':
      'La línea `# syntax=` nombra una imagen que aquí no se puede descargar. Basta con el frontend que trae el motor: quita la línea.',
    'build.time':
      'La construcción se ha cortado a los {{seconds}} s: uno de sus pasos no termina por sí solo o descarga demasiado. (WORKSHOP_BUILD_SECONDS=600 le da más.)',
    'build.disk': 'La construcción se ha cortado: había escrito más de 5 GB en el disco.',
    'silent.not-started': 'El contenedor no se puede arrancar: {{output}}',
    'silent.exited':
      'El contenedor termina con el código {{code}} antes de responder en el puerto {{port}}. Ha dicho: {{output}}',
    'silent.loopback':
      'El servidor escucha en el puerto {{otherPort}} de 127.0.0.1, donde solo llega el propio contenedor. Dentro de un contenedor tiene que escuchar en 0.0.0.0.',
    'silent.other-port':
      'El servidor escucha en el puerto {{otherPort}} y se le pregunta en el puerto {{port}}.',
    'silent.nothing-listens':
      'El contenedor funciona y a los diez segundos nada escucha en ningún puerto. Ha dicho: {{output}}',
    'silent.no-answer': 'El servidor escucha en el puerto {{port}} y no responde. Ha dicho: {{output}}',
    stages: 'El objetivo necesita estas etapas: {{value}}.',
    'stage-count': 'Etapas que necesita el objetivo: {{value}}.',
    bases: 'Las etapas parten de: {{value}}.',
    'final-base': 'La imagen se apoya en {{value}}.',
    context: 'El contexto de construcción contiene {{files}} archivos, entre ellos {{value}}.',
    'context-size':
      'El contexto de construcción contiene {{files}} archivos que suman {{value}}; el mayor es {{path}}.',
    reruns:
      'Línea {{line}}, `{{instruction}}`: {{value}} tras cambiar `{{path}}`. Empieza en la línea {{causeLine}}, `{{cause}}`.',
    'reruns.absent': 'Ninguna instrucción hace lo que trata este paso (se busca: `{{instruction}}`).',
    'rerun-lines': 'Se vuelven a ejecutar estas líneas: {{lines}}.',
    'command-form': 'La forma del comando es {{value}}.',
    lint: 'Las comprobaciones del propio BuildKit encuentran: {{value}} (línea {{line}}).',
    user: 'El usuario de la imagen es "{{value}}".',
    'user-is-root': 'Si el contenedor arranca como root: {{value}}.',
    env: 'Las variables de la imagen son {{value}}.',
    entrypoint: 'El entrypoint de la imagen es {{value}}.',
    cmd: 'El comando de la imagen es {{value}}.',
    exposes: 'Los puertos que expone la imagen: {{value}}.',
    healthcheck: 'La comprobación de salud de la imagen es {{value}}.',
    workdir: 'El directorio de trabajo de la imagen es {{value}}.',
    history: 'Se ve en el historial de la imagen: docker history --no-trunc.',
    layers: 'La imagen tiene {{value}} capas.',
    'found-in-cache':
      'Se ve en el historial de la etapa `{{stage}}`. Una etapa está en la caché de construcción.',
    'size.disk': 'La imagen ocupa {{value}} en disco; el límite es {{limit}}.',
    'size.pull': 'Descargar la imagen transfiere {{value}}; el límite es {{limit}}.',
    'size.added':
      'La imagen añade {{value}} a su base; el límite es {{limit}}. La mayor parte, {{layerSize}}, viene de `{{instruction}}`.',
    'layer-size': 'La capa ocupa {{value}}; el límite es {{limit}}.',
    waste:
      '{{value}} de la imagen quedan ocultos por capas posteriores; el límite es {{limit}}. Lo mayor: {{path}}, escrito por `{{layer}}` y ocultado por `{{buriedBy}}`.',
    found: 'Está en la imagen: {{value}}.',
    files: 'La imagen tiene {{files}} archivos de esos: {{value}}.',
    owner: '{{path}} pertenece a {{value}}.',
    packages: 'La imagen tiene {{packages}} paquetes de esos: {{value}}.',
    tools: 'La imagen tiene {{value}}.',
    answers: '`GET {{route}}` en el puerto {{port}} responde {{code}}: {{body}}',
    body: '`GET {{route}}` en el puerto {{port}} responde {{code}}: {{body}}',
    output: 'El contenedor escribe: {{value}}',
    'exit-code': 'El contenedor termina con el código {{value}}. Ha dicho: {{output}}',
    'process-users': 'Sus procesos se ejecutan con los usuarios {{value}}.',
    processes: 'Sus procesos: {{value}}.',
    stops: 'Con SIGTERM: {{value}} (código de salida {{code}}). El proceso 1 es `{{process}}`.',
    contract: 'La promesa `{{promise}}` está {{value}}: {{output}}',
    'layers.added': 'La imagen tiene {{value}} capas más que su base.',
    prediction: 'Dijiste {{answer}}; el motor dice {{value}}.',
    'prediction.open': 'Esta pregunta está sin responder: pnpm workshop predict',
  },
}
