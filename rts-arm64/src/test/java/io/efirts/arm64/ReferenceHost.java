// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64;

import io.efirts.api.spi.Firmware;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.InterruptControl;
import io.efirts.arm64.paging.Granule;
import io.efirts.arm64.paging.PagingMode;
import io.efirts.dispatch.virtualmode.VirtualModeSwitch;
import io.efirts.firmware.FirmwarePhase;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.machine.ReferenceMachine;
import io.efirts.firmware.store.NvImage;
import java.util.function.UnaryOperator;

/**
 * A machine with ArmVirt's regions, a host over it, and the reference firmware that lives in it; a
 * new one for each instance.
 */
public final class ReferenceHost {
  static final PagingMode MODE = new PagingMode(Granule.FOUR_KIB, 48);

  public final ReferenceMachine machine = ReferenceMachine.virt();
  public final ReferenceFirmware firmware;
  public final EfiHost host;

  /** A host with pages of 4 KiB and addresses of 48 bits. */
  public ReferenceHost(NvImage image) {
    this(image, builder -> builder);
  }

  /** A host with something changed. */
  public ReferenceHost(NvImage image, UnaryOperator<EfiHostBuilder> change) {
    this(image, MODE, change);
  }

  /** A host in another mode. */
  public ReferenceHost(NvImage image, PagingMode mode, UnaryOperator<EfiHostBuilder> change) {
    firmware =
        ReferenceFirmware.builder(image)
            .placement(machine)
            .phase(FirmwarePhase.RUNTIME)
            .resetHandler((type, status, data, dataBytes) -> {})
            .build();
    host = change.apply(builder(machine, mode)).build();
  }

  /** Describes a host for a machine. */
  public static EfiHostBuilder builder(ReferenceMachine machine, PagingMode mode) {
    return EfiHost.builder(mode, machine.memoryMap(), machine.guestMemory(), machine.arena())
        .systemTable(machine.systemTable())
        .attributes(machine.attributesTable());
  }

  /** Switches the firmware to virtual addresses. */
  public FirmwareInstance virtual() {
    return virtual(firmware);
  }

  /** Switches a firmware that has the reference firmware inside. */
  public FirmwareInstance virtual(Firmware around) {
    return VirtualModeSwitch.perform(around, host, InterruptControl.NONE);
  }
}
