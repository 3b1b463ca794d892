import { runWitness, WITNESS_HELP } from '../../witness/run-witness.ts';
import type { Command } from '../command.ts';

export const witnessCommand: Command = {
  name: 'witness',
  summary: "Runs a witness that cosigns a log's checkpoints, apart from gateway and database.",
  help: WITNESS_HELP,
  run: runWitness,
};
