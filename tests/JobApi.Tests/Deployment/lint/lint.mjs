// Checks a Dockerfile and a compose file where no Docker engine is at hand; prints each problem and exits 1 if there is one.
//   node lint.mjs <Dockerfile> <docker-compose.yml>
import { createRequire } from 'node:module';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const { default: Ajv } = require('ajv');
const { DockerfileParser } = require('dockerfile-ast');
const { validate } = require('dockerfile-utils');
const { parseDocument } = require('yaml');

const [dockerfilePath, composePath] = process.argv.slice(2);
const problems = [...dockerfileProblems(readFileSync(dockerfilePath, 'utf8')), ...composeProblems(readFileSync(composePath, 'utf8'))];

problems.forEach(problem => console.log(problem));
process.exitCode = problems.length > 0 ? 1 : 0;

function* dockerfileProblems(text) {
  for (const { message, range } of validate(text)) {
    yield `Dockerfile:${range.start.line + 1}: ${message}`;
  }

  const dockerfile = DockerfileParser.parse(text);
  const stages = dockerfile.getFROMs().map(from => from.getBuildStage());

  for (const from of dockerfile.getFROMs()) {
    if (!stages.includes(from.getImage()) && (!from.getImageTag() || from.getImageTag() === 'latest')) {
      yield `Dockerfile: ${from.getImage()} has no version: a rebuild would not give the same image.`;
    }
  }

  for (const copy of dockerfile.getCOPYs()) {
    const stage = copy.getFromFlag()?.getValue();
    if (stage && !stages.includes(stage)) {
      yield `Dockerfile: COPY --from=${stage} names no stage.`;
    }
  }

  const last = dockerfile.getInstructions().slice(dockerfile.getInstructions().lastIndexOf(dockerfile.getFROMs().at(-1)));
  const final = keyword => last.filter(instruction => instruction.getKeyword() === keyword).at(-1);

  if (['', 'root', '0'].includes(final('USER')?.getArgumentsContent() ?? '')) {
    yield 'Dockerfile: the image runs as root.';
  }

  if (!final('HEALTHCHECK')) {
    yield 'Dockerfile: nothing tells whether the container is healthy.';
  }

  if (!final('ENTRYPOINT')?.getArgumentsContent().startsWith('[')) {
    yield 'Dockerfile: without an ENTRYPOINT in JSON form a shell swallows SIGTERM.';
  }
}

function* composeProblems(text) {
  const document = parseDocument(text, { uniqueKeys: true });
  if (document.errors.length > 0) {
    yield* document.errors.map(error => `docker-compose.yml: ${error.message}`);
    return;
  }

  const compose = document.toJS();
  const here = dirname(fileURLToPath(import.meta.url));
  const { $schema, ...schema } = JSON.parse(readFileSync(join(here, 'node_modules/dclint/schemas/compose.schema.json'), 'utf8'));
  const matches = new Ajv({ allErrors: true, strict: false, validateFormats: false }).compile(schema);

  if (!matches(compose)) {
    yield* matches.errors.map(error => `docker-compose.yml: ${error.instancePath || '/'} ${error.message}`);
    return;
  }

  for (const [name, service] of Object.entries(compose.services)) {
    const context = join(dirname(composePath), service.build?.context ?? '.');
    if (service.build && !existsSync(join(context, service.build.dockerfile ?? 'Dockerfile'))) {
      yield `docker-compose.yml: ${name} is built from a Dockerfile that does not exist.`;
    }

    for (const port of service.ports ?? []) {
      if (!String(port).startsWith('127.0.0.1:')) {
        yield `docker-compose.yml: ${name} publishes ${port} to the whole network.`;
      }
    }

    for (const volume of service.volumes ?? []) {
      const [source] = volume.split(':');
      if (!/^[./~]/.test(source) && !(source in (compose.volumes ?? {}))) {
        yield `docker-compose.yml: ${name} mounts ${source}, which is not declared.`;
      }
    }
  }
}
