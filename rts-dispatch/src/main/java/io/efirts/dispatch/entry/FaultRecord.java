// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.dispatch.event.FaultReport;

/**
 * The first fault of a firmware instance, noted in fields that exist beforehand: there may be no
 * memory for more at that moment. The report is composed when somebody asks.
 */
public final class FaultRecord {
  private RuntimeService service;
  private long vendorEntryPoint;
  private Thread thread;

  /** Written last and read first: what it shows, the other fields go with. */
  private volatile Throwable thrown;

  FaultRecord() {}

  /** Notes a fault; for whoever has the gate. Keeps the first one. */
  void note(RuntimeService faultService, long faultEntryPoint, Throwable fault) {
    if (thrown == null) {
      service = faultService;
      vendorEntryPoint = faultEntryPoint;
      thread = Thread.currentThread();
      thrown = fault;
    }
  }

  /**
   * Whether there was a fault.
   *
   * @return true from the first one on
   */
  public boolean isSet() {
    return thrown != null;
  }

  /**
   * Composes the report. Allocates; never on a path of calls.
   *
   * @param context knows the memory map
   * @return the report, or null if there was no fault
   */
  public FaultReport report(FirmwareContext context) {
    Throwable fault = thrown;
    if (fault == null) {
      return null;
    }
    EfiMemoryDescriptor nearest =
        fault instanceof FirmwareFault memoryFault
            ? context.nearestDescriptor(memoryFault.address())
            : null;
    return new FaultReport(
        service,
        vendorEntryPoint,
        thread.getName(),
        fault,
        nearest,
        LikelyCause.of(fault, nearest));
  }
}
