// inpage with little memory: it keeps 16 MiB of vectors, whatever there are.
import { inpageSystem } from './inpage.ts';

export default inpageSystem(2 ** 24);
