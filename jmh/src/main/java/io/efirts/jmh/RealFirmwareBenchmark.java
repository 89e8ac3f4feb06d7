// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.jmh;

import io.efirts.api.CallResult;
import io.efirts.api.RuntimeServices;
import io.efirts.api.RuntimeServicesAbi;
import io.efirts.api.spec.EfiTimeHolder;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.InterruptControl;
import io.efirts.dispatch.Dispatcher;
import io.efirts.dispatch.DispatcherBuilder;
import io.efirts.dispatch.policy.WorkerWait;
import io.efirts.dispatch.virtualmode.VirtualModeSwitch;
import io.efirts.qemu.GuestSettings;
import io.efirts.qemu.QemuGuest;
import io.efirts.qemu.machine.GuestArch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Calls of real firmware in QEMU, which translates its code (TCG): what a round trip to the guest
 * costs, under the tables that firmware has left, and in address spaces of ours. With a worker
 * three threads spin: that, the caller, and the guest's processor. Needs QEMU and firmware.
 */
public class RealFirmwareBenchmark extends RoundTrip {
  /** Whose firmware. */
  @Param public GuestArch arch;

  /** In which tables it is called. */
  @Param public Tables tables;

  /** Who makes the calls. */
  @Param public Caller caller;

  private final EfiTimeHolder time = new EfiTimeHolder();
  private QemuGuest guest;
  private Dispatcher dispatcher;
  private RuntimeServices services;
  private RuntimeServicesAbi abi;

  /** Tables in which firmware can be called. */
  public enum Tables {
    /** Its own. */
    FIRMWARE,
    /** Ours, where every address is physical. */
    PHYSICAL,
    /** Ours, after SetVirtualAddressMap. */
    VIRTUAL;

    private FirmwareInstance arm(QemuGuest guest) {
      return switch (this) {
        case FIRMWARE -> guest.underFirmwareTables();
        case PHYSICAL -> guest.atPhysicalAddresses();
        case VIRTUAL ->
            VirtualModeSwitch.perform(guest.firmware(), guest.host(), InterruptControl.NONE);
      };
    }
  }

  /** Who makes the calls. */
  public enum Caller {
    /** The calling thread itself. */
    INVOKER,
    /** A worker that spins. */
    WORKER
  }

  /** For JMH. */
  public RealFirmwareBenchmark() {}

  /** Boots a machine and starts a dispatcher. */
  @Setup
  public void start() {
    guest = QemuGuest.boot(GuestSettings.of(arch));
    FirmwareInstance instance = tables.arm(guest);
    DispatcherBuilder builder = Dispatcher.builder().firmware(() -> instance);
    dispatcher =
        caller == Caller.INVOKER
            ? builder.invoker().start()
            : builder.workerWait(WorkerWait.BUSY_SPIN).start();
    services = dispatcher.runtimeServices();
    abi = dispatcher.abi();
    if (!getTime().isSuccess()) {
      throw new IllegalStateException("firmware must tell the time: " + dispatcher.fault());
    }
  }

  /** Closes both. */
  @TearDown
  public void stop() {
    dispatcher.close();
    guest.close();
  }

  /**
   * A call that firmware refuses at once: GetVariable without a name.
   *
   * @return its result
   */
  @Benchmark
  public CallResult nullCall() {
    return abi.call(RuntimeService.GET_VARIABLE, 0, 0, 0, 0, 0);
  }

  /**
   * GetTime.
   *
   * @return its result
   */
  @Benchmark
  public CallResult getTime() {
    return services.getTime(time, null);
  }
}
