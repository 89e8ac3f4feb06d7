// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.call;

import io.efirts.api.call.CallFrame;
import io.efirts.api.call.CallMemory;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spec.RuntimeServicesTable;
import io.efirts.api.spi.FirmwareContext.SaveArea;
import io.efirts.qemu.agent.Agent;
import io.efirts.qemu.agent.AgentArch;
import io.efirts.qemu.agent.FakeAgent;
import io.efirts.qemu.agent.FakeHost;
import io.efirts.qemu.agent.ManualClock;
import io.efirts.qemu.x86.GuestX86Vcpu;
import io.efirts.qemu.x86.X86GuestProcessor;

/** A firmware over a fake guest, its contexts, and one call. */
final class GuestCall {
  static final long LIMIT = 1_000_000_000L;
  private static final long TABLES = 0x2_0000;
  private static final long OWN = 0x2_2000;
  static final long OWN_BYTES = 0x1_4000;

  final FakeAgent guest = new FakeAgent(AgentArch.X86_64, OWN + 2 * OWN_BYTES);
  final ManualClock clock = new ManualClock();
  final FakeHost host = new FakeHost(/* interrupts= */ true);
  final GuestTables tables = new GuestTables(guest, TABLES, RuntimeServicesTable.REVISION_2_10);
  final Agent agent;
  final X86GuestProcessor processor;
  final X86GuestProcessor crashProcessor;
  final QemuFirmware firmware;
  final FirmwareTablesContext context;
  final FirmwareTablesContext crashContext;
  private final SaveArea area;
  private final SaveArea crashArea;
  private final RuntimeCall call;
  private final CallFrame frame;
  private final CallFrame crashFrame;

  GuestCall() {
    guest.announce();
    agent = guest.agent(host, clock);
    processor = processor(agent, false);
    crashProcessor = processor(agent, true);
    firmware =
        new QemuFirmware(
            agent.link(),
            processor,
            crashProcessor,
            ServiceEntries.find(guest.memory(), tables.address()),
            LIMIT);
    context = context(agent, processor, OWN);
    crashContext = context(agent, crashProcessor, OWN + OWN_BYTES);
    area = context.newSaveArea();
    crashArea = crashContext.newSaveArea();
    CallMemory memory = context.callMemory(4096);
    call = memory.item(0, 4096);
    frame = new CallFrame(context.memory());
    crashFrame = new CallFrame(crashContext.memory());
  }

  private static X86GuestProcessor processor(Agent agent, boolean crash) {
    return new X86GuestProcessor(new GuestX86Vcpu(agent.registers(crash)), agent.returnAddress());
  }

  private FirmwareTablesContext context(Agent agent, X86GuestProcessor on, long offset) {
    MemoryRegion own =
        new MemoryRegion(
            new PhysicalAddress(guest.base() + offset), guest.bytes().asSlice(offset, OWN_BYTES));
    return new FirmwareTablesContext(on, guest.memory(), own, agent.memoryMap());
  }

  /** Makes a call with words 1, 2, 3, ... where it takes pointers. */
  long make(RuntimeService service) {
    begin(service);
    return enterAndCall();
  }

  long makeVendor(long entry, int words) {
    call.beginVendor(entry, words);
    for (int i = 0; i < words; i++) {
      call.packPointer(i, i + 1);
    }
    return enterAndCall();
  }

  private void begin(RuntimeService service) {
    call.begin(service);
    for (int i = 0; i < call.argumentCount(); i++) {
      switch (service.signature().parameter(i).passing()) {
        case POINTER -> call.packPointer(i, i + 1);
        case VALUE -> call.packValue(i, i + 1);
      }
    }
  }

  private long enterAndCall() {
    frame.load(call);
    context.enter(area);
    try {
      return firmware.call(frame);
    } finally {
      context.leave(area);
    }
  }

  long makeInCrash(RuntimeService service) {
    if (service == null) {
      call.beginVendor(0x1234, 0);
    } else {
      begin(service);
    }
    crashFrame.load(call);
    crashContext.enter(crashArea);
    try {
      return firmware.crashEntry().call(crashFrame);
    } finally {
      crashContext.leave(crashArea);
    }
  }

  /** Answers as a function does that pops its return address. */
  void answer(long status) {
    guest.begin();
    guest.register("REG_RAX", status);
    guest.register("REG_RSP", guest.register("REG_RSP") + Long.BYTES);
    guest.end("ENDING_RETURNED");
  }
}
