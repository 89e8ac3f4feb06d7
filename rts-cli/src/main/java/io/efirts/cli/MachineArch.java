// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.flat.FlatFirmwareContext;
import io.efirts.api.spec.EfiMemoryDescriptor;
import io.efirts.api.spec.MemoryType;
import io.efirts.api.spi.FirmwareFactory;
import io.efirts.api.spi.FirmwareInstance;
import io.efirts.api.spi.InterruptControl;
import io.efirts.api.spi.VirtualModeHost;
import io.efirts.arm64.paging.Granule;
import io.efirts.dispatch.virtualmode.VirtualModeSwitch;
import io.efirts.firmware.FirmwarePhase;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.machine.ReferenceMachine;
import io.efirts.firmware.store.NvImage;
import io.efirts.x86.EfiHost;
import io.efirts.x86.paging.PagingMode;
import java.io.PrintWriter;
import java.util.Locale;

/** On what kind of machine firmware is called. */
enum MachineArch {
  /** A machine like QEMU's q35 with OVMF's regions, and firmware at virtual addresses. */
  X86_64("x86_64") {
    @Override
    FirmwareFactory factory(NvImage image, FirmwarePhase phase) {
      return () -> {
        ReferenceMachine machine = ReferenceMachine.q35();
        return switched(image, machine, x86(machine));
      };
    }

    @Override
    void describe(PrintWriter out) {
      printRegions(out, "An x86-64", x86(ReferenceMachine.q35()));
    }
  },
  /** A machine like QEMU's virt with ArmVirt's regions, and firmware at virtual addresses. */
  ARM64("arm64") {
    @Override
    FirmwareFactory factory(NvImage image, FirmwarePhase phase) {
      return () -> {
        ReferenceMachine machine = ReferenceMachine.virt();
        return switched(image, machine, arm64(machine));
      };
    }

    @Override
    void describe(PrintWriter out) {
      printRegions(out, "An arm64", arm64(ReferenceMachine.virt()));
    }
  },
  /** No page tables: every address is its own. */
  FLAT("flat") {
    @Override
    FirmwareFactory factory(NvImage image, FirmwarePhase phase) {
      return () ->
          new FirmwareInstance(
              ReferenceFirmware.builder(image).phase(phase).build(),
              new FlatFirmwareContext(CALL_BYTES),
              new FlatFirmwareContext(CRASH_CALL_BYTES));
    }

    @Override
    void describe(PrintWriter out) {
      out.println("A machine without page tables.");
    }
  };

  /** More than a dispatcher asks for whose calls have room for a whole store. */
  private static final long CALL_BYTES = 4 << 20;

  private static final long CRASH_CALL_BYTES = 1 << 20;

  private static final int ARM64_ADDRESS_BITS = 48;

  private final String text;

  MachineArch(String text) {
    this.text = text;
  }

  /**
   * Makes a machine with the reference firmware.
   *
   * @param image its variables
   * @param phase what firmware is to be in where nothing is virtual
   */
  abstract FirmwareFactory factory(NvImage image, FirmwarePhase phase);

  /** Prints what is special about it. */
  abstract void describe(PrintWriter out);

  private static VirtualModeHost x86(ReferenceMachine machine) {
    return EfiHost.builder(
            PagingMode.FOUR_LEVEL, machine.memoryMap(), machine.guestMemory(), machine.arena())
        .systemTable(machine.systemTable())
        .attributes(machine.attributesTable())
        .callMemory(CALL_BYTES)
        .crashCallMemory(CRASH_CALL_BYTES)
        .build();
  }

  private static VirtualModeHost arm64(ReferenceMachine machine) {
    return io.efirts.arm64.EfiHost.builder(
            new io.efirts.arm64.paging.PagingMode(Granule.FOUR_KIB, ARM64_ADDRESS_BITS),
            machine.memoryMap(),
            machine.guestMemory(),
            machine.arena())
        .systemTable(machine.systemTable())
        .attributes(machine.attributesTable())
        .callMemory(CALL_BYTES)
        .crashCallMemory(CRASH_CALL_BYTES)
        .build();
  }

  private static FirmwareInstance switched(
      NvImage image, ReferenceMachine machine, VirtualModeHost host) {
    ReferenceFirmware firmware =
        ReferenceFirmware.builder(image).placement(machine).phase(FirmwarePhase.RUNTIME).build();
    return VirtualModeSwitch.perform(firmware, host, InterruptControl.NONE);
  }

  private static void printRegions(PrintWriter out, String what, VirtualModeHost host) {
    out.println(
        what
            + " machine with page tables for its firmware alone; SetVirtualAddressMap has put its"
            + " regions to");
    for (EfiMemoryDescriptor region : host.descriptors()) {
      if (region.isRuntime()) {
        out.printf(
            Locale.ROOT,
            "  %016x  from %9x  %5d pages  %s%n",
            region.virtualStart(),
            region.physicalStart(),
            region.numberOfPages(),
            MemoryType.nameOf(region.type()));
      }
    }
  }

  /** The name on the command line. */
  @Override
  public String toString() {
    return text;
  }
}
