// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.placed;

import static io.efirts.firmware.EfiStatusAssert.assertStatus;
import static io.efirts.firmware.FirmwareHarness.OUT;

import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.MemoryRegion;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.EfiTime;
import io.efirts.api.spec.RuntimeService;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.machine.PageRange;
import io.efirts.firmware.machine.ReferenceMachine;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Set;

/** A firmware in the memory of a machine, with one non-volatile variable, and its guest. */
final class PlacedGuest {
  static final EfiGuid GUID = EfiGuid.of("6f1d3bd4-6a53-4d2c-9d62-6d0a3c8b7a10");
  static final int NV_BS_RT = FirmwareHarness.NV | FirmwareHarness.BS | FirmwareHarness.RT;

  /** What the firmware offers and a guest can call again and again. */
  static final Set<RuntimeService> SERVICES =
      EnumSet.of(
          RuntimeService.GET_TIME,
          RuntimeService.SET_TIME,
          RuntimeService.GET_VARIABLE,
          RuntimeService.GET_NEXT_VARIABLE_NAME,
          RuntimeService.SET_VARIABLE,
          RuntimeService.QUERY_VARIABLE_INFO,
          RuntimeService.GET_NEXT_HIGH_MONOTONIC_COUNT,
          RuntimeService.RESET_SYSTEM);

  final ReferenceMachine machine;
  final NvImage image;
  final ReferenceFirmware firmware;
  final FirmwareHarness guest;
  final FirmwareHarness crash;
  private int mark;

  PlacedGuest(ReferenceMachine machine) {
    this(machine, NvImage.inMemory(NvLayout.OVMF_4M));
  }

  PlacedGuest(ReferenceMachine machine, NvImage image) {
    this.machine = machine;
    this.image = image;
    this.firmware =
        ReferenceFirmware.builder(image)
            .placement(machine)
            .resetHandler((type, status, data, dataBytes) -> {})
            .build();
    this.guest = new FirmwareHarness(firmware, machine);
    this.crash = new FirmwareHarness(firmware.crashEntry()::call, machine);
    assertStatus(EfiStatus.SUCCESS, guest.set("V", GUID, NV_BS_RT, (byte) 1));
  }

  /** The bytes from which the firmware reads its non-volatile variables. */
  MemorySegment mirror() {
    return bytes(machine.placement().mirror()).asSlice(0, image.layout().fvLength());
  }

  MemorySegment flash() {
    return image.storage().content().asSlice(0, image.layout().fvLength());
  }

  MemorySegment bytes(PageRange range) {
    return machine.bytes(range);
  }

  MemoryRegion globals() {
    long start = machine.placement().globals().physicalStart();
    return machine.firmwareRegions().stream()
        .filter(region -> region.base().value() == start)
        .findFirst()
        .orElseThrow();
  }

  /** Calls each service once, so that it does what it is for; those that fault. */
  Set<RuntimeService> faulting(FirmwareHarness harness, Set<RuntimeService> services) {
    Set<RuntimeService> faulting = EnumSet.noneOf(RuntimeService.class);
    for (RuntimeService service : services) {
      try {
        assertStatus(EfiStatus.SUCCESS, use(harness, service));
      } catch (FirmwareFault fault) {
        faulting.add(service);
      }
    }
    return faulting;
  }

  /** As above, whatever they answer. */
  Set<RuntimeService> faulting(FirmwareHarness harness) {
    Set<RuntimeService> faulting = EnumSet.noneOf(RuntimeService.class);
    for (RuntimeService service : SERVICES) {
      try {
        use(harness, service);
      } catch (FirmwareFault fault) {
        faulting.add(service);
      }
    }
    return faulting;
  }

  /** Another value each time, so that what is written has to be written. */
  long use(FirmwareHarness harness, RuntimeService service) {
    mark++;
    return switch (service) {
      case GET_TIME -> harness.call(service, OUT, 0);
      case SET_TIME -> {
        EfiTime time = new EfiTime(2026, 11, 21, 12, 30, 15, 0, mark % 1000, 0);
        byte[] wire = new byte[EfiTime.SIZE_BYTES];
        time.write(MemorySegment.ofArray(wire), 0);
        harness.poke(OUT, wire);
        yield harness.call(service, OUT);
      }
      case GET_VARIABLE -> harness.get("V", GUID);
      case GET_NEXT_VARIABLE_NAME -> {
        harness.pokeName("");
        yield harness.next();
      }
      case SET_VARIABLE -> harness.set("V", GUID, NV_BS_RT, (byte) mark, (byte) (mark >> 8));
      case QUERY_VARIABLE_INFO -> harness.call(service, NV_BS_RT, OUT, OUT + 8, OUT + 16);
      case GET_NEXT_HIGH_MONOTONIC_COUNT -> harness.call(service, OUT);
      case RESET_SYSTEM -> harness.call(service, 0, 0, 0, 0);
      default -> throw new IllegalArgumentException("service must be offered: " + service);
    };
  }
}
