/** The witness does not start as it was told to. The message is for its operator. */
export class WitnessRefusal extends Error {
  override readonly name = 'WitnessRefusal';
}
