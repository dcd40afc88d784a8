// Imports nothing, so that set-up can read it before any package is installed.

/** Tells a stand-in, and every image built on one, from an official image; its value is the recipe's digest. */
export const standInLabel = 'dev.stagecraft.stand-in'

/** On every container, image, network and volume that must not outlive the process that made it, with a value of its own. */
export const ownerLabel = 'dev.stagecraft.owner'
