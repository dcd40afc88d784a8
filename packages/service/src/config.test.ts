import { describe, expect, it } from 'vitest'
import { readServiceConfig } from './config.ts'
import { StartError } from './start-error.ts'

function problem(env: NodeJS.ProcessEnv): StartError {
  try {
    readServiceConfig(env)
  } catch (error) {
    if (error instanceof StartError) return error
  }
  throw new Error('The configuration was accepted')
}

describe('the configuration', () => {
  it('has defaults for a developer', () => {
    expect(readServiceConfig({})).toEqual({
      port: 8080,
      host: undefined,
      logLevel: 'info',
      variant: 'source',
    })
  })

  it('treats an empty variable as unset', () => {
    expect(readServiceConfig({ PORT: '', HOST: '', LOG_LEVEL: '', VARIANT: '' })).toEqual(
      readServiceConfig({}),
    )
  })

  it('is read from the environment', () => {
    expect(readServiceConfig({ PORT: '0', HOST: '::1', LOG_LEVEL: 'debug', VARIANT: 'prod' })).toEqual({
      port: 0,
      host: '::1',
      logLevel: 'debug',
      variant: 'prod',
    })
  })

  it.each([
    [{ PORT: 'http' }, 'PORT is "http", it must be a port number from 0 to 65535'],
    [{ PORT: '65536' }, 'PORT is "65536", it must be a port number from 0 to 65535'],
    [{ PORT: '80 ' }, 'PORT is "80 ", it must be a port number from 0 to 65535'],
    [{ PORT: '-1' }, 'PORT is "-1", it must be a port number from 0 to 65535'],
    [{ PORT: '1e3' }, 'PORT is "1e3", it must be a port number from 0 to 65535'],
    [{ HOST: 'localhost' }, 'HOST is "localhost", it must be an IP address such as 127.0.0.1'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL is "loud", it must be one of fatal, error, warn, info, debug, trace'],
    [{ VARIANT: 'a\nb' }, 'VARIANT is "a\\nb", it must be a word of up to 32 of a-z, 0-9 and "-"'],
  ])('refuses %j and says what is allowed', (env, message) => {
    expect(problem(env)).toMatchObject({ message, exitCode: 2 })
  })

  it('names every wrong variable at once, on one line', () => {
    const { message } = problem({ PORT: 'x', LOG_LEVEL: 'y' })
    expect(message).toMatch(/^PORT is .*; LOG_LEVEL is .*$/)
  })
})
