// Runs compiled modules at points, with the imports that pages give them, and writes the bits of what they
// compute. It must not know what that should be.
const job = JSON.parse(require("fs").readFileSync(0, "utf8"));
const primitives = new Function(job.script + "; return primitives")();
const answers = job.modules.map(({ binary, results, points }) => {
  let memory, bits;
  const module = new WebAssembly.Module(Buffer.from(binary, "hex"));
  const instance = new WebAssembly.Instance(module, { js: primitives(() => memory) });
  memory = new Float64Array(instance.exports.memory.buffer);
  bits = new BigUint64Array(memory.buffer);
  return points.map((point) => {
    const inputs = point.match(/.{16}/g) || [];
    inputs.forEach((digits, k) => { bits[k] = BigInt("0x" + digits); });
    instance.exports.run(0);
    return Array.from({ length: results }, (_, k) => bits[inputs.length + k].toString(16).padStart(16, "0")).join("");
  });
});
process.stdout.write(JSON.stringify(answers));
