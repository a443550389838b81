// Imported by a worker before everything else: lets the page break it from inside, in the ways in which workers fail.

/** @type {GPUDevice[]} */
const devices = [];
/** The devices that are still to come are lost. */
let lost = false;
const adapter = globalThis.GPUAdapter?.prototype;
if (adapter) {
  const { requestDevice } = adapter;
  /** @this {GPUAdapter} @param {GPUDeviceDescriptor} [descriptor] */
  adapter.requestDevice = async function (descriptor) {
    const device = await requestDevice.call(this, descriptor);
    devices.push(device);
    if (lost) device.destroy();
    return device;
  };
}

let deaf = false;
addEventListener('message', (event) => {
  if (deaf) event.stopImmediatePropagation();
});

/** @type {Record<string, () => void>} */
const faults = {
  close: () => self.close(),
  hang: () => {
    for (;;);
  },
  deaf: () => {
    deaf = true;
  },
  throw: () => {
    setTimeout(() => {
      throw new TypeError('thrown by the test');
    });
  },
  reject: () => void Promise.reject(new TypeError('rejected by the test')),
  'lose device': () => {
    lost = true;
    for (const device of devices) device.destroy();
  },
};

new BroadcastChannel('faults').onmessage = ({ data: { worker, fault } }) => {
  if (worker === self.name) faults[fault]?.();
};

export {};
