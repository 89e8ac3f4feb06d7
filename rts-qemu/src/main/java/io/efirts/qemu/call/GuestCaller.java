// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.qemu.call;

import io.efirts.api.call.CallFrame;
import io.efirts.api.memory.Access;
import io.efirts.api.memory.FaultKind;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spec.EfiStatusCode;
import io.efirts.api.spec.RuntimeService;
import io.efirts.qemu.agent.Ending;

/** One call, from frame to status. Used by one thread at a time; allocates faults only. */
final class GuestCaller {
  private final GuestProcessor processor;
  private final ServiceEntries entries;
  private final Requests requests;

  /** How a request is made: as an ordinary caller, or in a crash. */
  @FunctionalInterface
  interface Requests {
    /**
     * Lets the processor run.
     *
     * @param processor with the call in its registers
     * @param service what is called, null for a vendor's entry
     * @return how it ended
     */
    Ending run(GuestProcessor processor, RuntimeService service);
  }

  GuestCaller(GuestProcessor processor, ServiceEntries entries, Requests requests) {
    this.processor = processor;
    this.entries = entries;
    this.requests = requests;
  }

  long call(CallFrame frame) {
    RuntimeService service = frame.service();
    long entry = service == null ? frame.vendorEntryPoint() : entries.of(service);
    if (entry == 0) {
      return EfiStatusCode.UNSUPPORTED;
    }
    processor.prepareCall(frame, entry);
    return switch (requests.run(processor, service)) {
      case RETURNED -> processor.finishCall(frame);
      case FAULT -> throw processor.fault();
      case UNWOUND -> throw fault(FaultKind.UNWOUND, processor.programCounter());
      case TAKEN_OVER -> throw fault(FaultKind.UNWOUND, entry);
      case STUCK -> throw fault(FaultKind.MACHINE_LOST, entry);
      case MACHINE_LOST -> {
        // Which is what it was to do.
        if (service == RuntimeService.RESET_SYSTEM) {
          yield EfiStatusCode.SUCCESS;
        }
        throw fault(FaultKind.MACHINE_LOST, entry);
      }
    };
  }

  private static FirmwareFault fault(FaultKind kind, long address) {
    return new FirmwareFault(kind, address, Access.EXECUTE, /* detail= */ 0);
  }
}
