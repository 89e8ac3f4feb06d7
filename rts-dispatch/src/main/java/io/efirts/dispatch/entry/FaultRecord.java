// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.dispatch.entry;

import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.FirmwareContext;
import io.efirts.api.spi.VirtualModeFailure;
import io.efirts.dispatch.event.FaultReport;
import io.efirts.dispatch.gate.FirmwareGate;
import java.util.List;

/**
 * The first fault of a firmware instance, noted in fields that exist beforehand: there may be no
 * memory for more at that moment. The report is composed when somebody asks.
 *
 * <p>Noted before the gate is damaged, shown after that: nobody learns of a fault while the
 * services are still open, and whoever finds them disabled by it finds the fault (I-9).
 */
public final class FaultRecord {
  private final FirmwareGate gate;
  private RuntimeService service;
  private long vendorEntryPoint;
  private FirmwareContext context;
  private Thread thread;

  /** Written last and read first: what it shows, the other fields go with. */
  private volatile Throwable thrown;

  FaultRecord(FirmwareGate gate) {
    this.gate = gate;
  }

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
   * Whether there was a fault. For any thread; neither allocates nor locks.
   *
   * @return true from the first one on, once it has damaged the gate
   */
  public boolean isSet() {
    return gate.isDamaged() && thrown != null;
  }

  /**
   * Composes the report. Allocates; never on a path of calls.
   *
   * @return the report, or null if there was no fault, or it has not damaged the gate yet
   */
  public FaultReport report() {
    if (!isSet()) {
      return null;
    }
    Throwable fault = thrown;
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
