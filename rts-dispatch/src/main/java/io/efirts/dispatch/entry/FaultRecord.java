// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.api.spi.VirtualModeFailure;
import io.efirts.dispatch.event.FaultReport;
import java.util.List;

/**
 * The first fault of a firmware instance, noted in fields that exist beforehand: there may be no
 * memory for more at that moment. The report is composed when somebody asks.
 */
public final class FaultRecord {
  private RuntimeService service;
  private long vendorEntryPoint;
  private FirmwareContext context;
  private Thread thread;

  /** Written last and read first: what it shows, the other fields go with. */
  private volatile Throwable thrown;

  FaultRecord() {}

  /**
   * Notes a fault; for whoever has the gate. Keeps the first one.
   *
   * @param faultContext in which it happened; may be null where no address is to be explained
   */
  void note(
      RuntimeService faultService,
      long faultEntryPoint,
      FirmwareContext faultContext,
      Throwable fault) {
    if (thrown == null) {
      service = faultService;
      vendorEntryPoint = faultEntryPoint;
      context = faultContext;
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
   * @return the report, or null if there was no fault
   */
  public FaultReport report() {
    Throwable fault = thrown;
    if (fault == null) {
      return null;
    }
    EfiMemoryDescriptor nearest = null;
    List<String> explanation = List.of();
    if (fault instanceof FirmwareFault memoryFault) {
      nearest = context.nearestDescriptor(memoryFault.address());
      explanation = context.explain(memoryFault);
    } else if (fault instanceof VirtualModeFailure failure) {
      explanation = failure.explanation();
    }
    return new FaultReport(
        service,
        vendorEntryPoint,
        thread.getName(),
        fault,
        nearest,
        LikelyCause.of(fault, nearest),
        explanation);
  }
}
