import type { Service, ServiceError } from '../data/service-error.ts'
import { Command } from './code-block.tsx'
import { ProblemPanel } from './problem-panel.tsx'

const purpose: Record<Service, string> = {
  'express-api': 'the service that keeps the reports',
  'fastify-service': 'the service that explains Dockerfiles',
}

/** A service that is out, or refuses. `retrying`: the page keeps trying by itself. */
export function ServiceProblemPanel({ error, retrying }: { error: ServiceError; retrying: boolean }) {
  const { service, unreachable, transient, message } = error
  const title = unreachable ? 'does not answer' : transient ? 'cannot answer now' : 'refuses'
  return (
    <ProblemPanel title={`${service} ${title}`}>
      <p>
        {unreachable ? `That is ${purpose[service]}.` : message}
        {retrying && ' This page keeps trying and goes on by itself.'}
      </p>
      {unreachable && (
        <>
          <p>If it is not running, start it in the repository:</p>
          <Command>{`docker compose up --wait ${service}`}</Command>
        </>
      )}
    </ProblemPanel>
  )
}
