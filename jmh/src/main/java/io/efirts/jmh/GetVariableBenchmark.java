// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.jmh;

import io.efirts.api.CallResult;
import io.efirts.api.IntHolder;
import io.efirts.api.LongHolder;
import io.efirts.api.RuntimeServices;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spi.FirmwareFactory;
import io.efirts.api.spi.InterruptControl;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.policy.WorkerWait;
import io.efirts.dispatch.virtualmode.VirtualModeSwitch;
import io.efirts.firmware.FirmwarePhase;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.machine.ReferenceMachine;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import io.efirts.x86.EfiHost;
import io.efirts.x86.paging.PagingMode;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * GetVariable of 64 bytes through the dispatcher, to the reference firmware behind x86-64 page
 * tables: its code, globals and store are reached through them on every call. To be compared with
 * GetTime.
 */
public class GetVariableBenchmark extends RoundTrip {
  private static final int VALUE_BYTES = 64;
  private static final String NAME = "Benchmark";

  private final EfiGuid guid = EfiGuid.of("b5e6a3c1-0f4e-4c39-9d1b-6a2f7c58e940");
  private final MemorySegment data = MemorySegment.ofArray(new byte[VALUE_BYTES]);
  private final IntHolder attributes = new IntHolder();
  private final LongHolder size = new LongHolder();
  private Dispatcher dispatcher;
  private RuntimeServices services;

  /** For JMH. */
  public GetVariableBenchmark() {}

  /** Starts a machine and a dispatcher, and writes the variable. */
  @Setup
  public void start() {
    FirmwareFactory factory =
        () -> {
          ReferenceMachine machine = ReferenceMachine.q35();
          EfiHost host =
              EfiHost.builder(
                      PagingMode.FOUR_LEVEL,
                      machine.memoryMap(),
                      machine.guestMemory(),
                      machine.arena())
                  .systemTable(machine.systemTable())
                  .attributes(machine.attributesTable())
                  .build();
          ReferenceFirmware firmware =
              ReferenceFirmware.builder(NvImage.inMemory(NvLayout.OVMF_4M))
                  .placement(machine)
                  .phase(FirmwarePhase.RUNTIME)
                  .build();
          return VirtualModeSwitch.perform(firmware, host, InterruptControl.NONE);
        };
    dispatcher = Dispatcher.builder().firmware(factory).workerWait(WorkerWait.BUSY_SPIN).start();
    services = dispatcher.runtimeServices();
    if (!services.setVariable(NAME, guid, 7, VALUE_BYTES, data).isSuccess()
        || !getVariable().isSuccess()) {
      throw new IllegalStateException("the variable must be written and read");
    }
  }

  /** Closes it. */
  @TearDown
  public void stop() {
    dispatcher.close();
  }

  /**
   * One call.
   *
   * @return its result
   */
  @Benchmark
  public CallResult getVariable() {
    size.value = VALUE_BYTES;
    return services.getVariable(NAME, guid, attributes, size, data);
  }
}
