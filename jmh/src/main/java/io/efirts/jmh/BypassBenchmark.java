// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.jmh;

import io.efirts.api.CallResult;
import io.efirts.api.NonBlockingRuntimeServices;
import io.efirts.api.call.CallFrame;
import io.efirts.api.call.RuntimeCall;
import io.efirts.api.call.VariableCalls;
import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.spec.EfiGuid;
import io.efirts.dispatch.Dispatcher;
import io.efirts.firmware.FirmwarePhase;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.store.NvLayout;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A crash write past the queue, beside the same call made on the firmware itself. The variable has
 * the value already, so that no storage is waited for: what the reference firmware does is a search
 * and a comparison.
 */
public class BypassBenchmark extends RoundTrip {
  private static final int RECORD_BYTES = 1024;
  private static final long ITEM_BYTES = 4096;
  private static final int ATTRIBUTES = 7;
  private static final String NAME = "dump-type0-1-1-1700000000-C";

  private final EfiGuid guid = EfiGuid.of("cfc8fc79-be2e-4ddc-97f0-9f98bfe298a0");
  private final MemorySegment data = MemorySegment.ofArray(new byte[RECORD_BYTES]);
  private ReferenceFirmware firmware;
  private Dispatcher dispatcher;
  private NonBlockingRuntimeServices services;
  private RuntimeCall item;
  private CallFrame frame;

  /** With the reserve, firmware is asked what is free before each write. */
  @Param({"0", "5120"})
  private long reserveBytes;

  /** For JMH. */
  public BypassBenchmark() {}

  /** Starts a dispatcher, and writes the variable. */
  @Setup
  public void start() {
    firmware = ReferenceFirmware.builder(NvLayout.OVMF_4M).phase(FirmwarePhase.RUNTIME).build();
    dispatcher = Dispatcher.builder().firmware(firmware).storageReserve(reserveBytes).start();
    services = dispatcher.nonBlocking();
    FlatFirmwareContext context = new FlatFirmwareContext(ITEM_BYTES);
    item = context.callMemory(ITEM_BYTES).item(0, ITEM_BYTES);
    frame = new CallFrame(context.memory());
    if (!bypass().isSuccess() || direct() != 0) {
      throw new IllegalStateException("both writes must succeed");
    }
  }

  /** Closes it. */
  @TearDown
  public void stop() {
    dispatcher.close();
  }

  /**
   * Past the queue.
   *
   * @return the result
   */
  @Benchmark
  public CallResult bypass() {
    return services.setVariable(NAME, guid, ATTRIBUTES, RECORD_BYTES, data);
  }

  /**
   * On the firmware itself, packing included.
   *
   * @return the status
   */
  @Benchmark
  public long direct() {
    VariableCalls.packSetVariable(item, NAME, guid, ATTRIBUTES, RECORD_BYTES, data);
    frame.load(item);
    return firmware.call(frame);
  }
}
