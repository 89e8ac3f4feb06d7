// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.placed;

import io.efirts.api.memory.AddressSpaceView;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.NvStorage;
import io.efirts.firmware.machine.FirmwarePlacement;
import io.efirts.firmware.machine.PageRange;
import io.efirts.firmware.machine.ReferenceMachine;
import io.efirts.firmware.platform.RealTimeClock;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A firmware as it lies in the memory of a machine: code, globals, the mirror of its non-volatile
 * variables, registers. Each ordinary call {@linkplain #enter enters} it and finds its memory by
 * the caller's page tables and by pointers that lie in that memory.
 *
 * <p>One caller at a time. A call allocates nothing but faults.
 */
public final class FirmwareBody {
  private static final ValueLayout.OfLong UINT64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final ReferenceMachine machine;
  private final FirmwarePlacement placement;
  private final FirmwareAddresses addresses;
  private final MemorySegment globals;
  private final int volumeBytes;
  private final PageWindow mirrorWindow;
  private final PlacedMemory volatileStorage;

  /** Null until {@link #mirror}. */
  private PlacedFlash flash;

  /** Null if there is none, or it has no registers in guest memory. */
  private PlacedClock clock;

  private boolean atRuntime;

  /**
   * Lays a firmware into a machine.
   *
   * @param machine the machine, without a firmware
   * @param volumeBytes size of the non-volatile variables' volume
   * @param volatileStoreBytes size of the volatile variables' store
   * @throws IllegalArgumentException if the machine has a firmware, or not enough room for one
   */
  public FirmwareBody(ReferenceMachine machine, int volumeBytes, int volatileStoreBytes) {
    this.machine = machine;
    this.placement = machine.placement();
    this.volumeBytes = volumeBytes;
    requireRoom("mirror", placement.mirror(), volumeBytes);
    requireRoom("flash", placement.flash(), volumeBytes);
    requireRoom("globals", placement.globals(), Globals.VOLATILE_STORE + volatileStoreBytes);
    this.globals = machine.bytes(placement.globals());
    if (globals.get(UINT64, Globals.SYSTEM_TABLE) != 0) {
      throw new IllegalArgumentException(
          "machine must not have a firmware yet: systemTable=" + machine.systemTable());
    }
    this.addresses = new FirmwareAddresses(placement);
    this.mirrorWindow = new PageWindow(placement.mirror().physicalStart(), volumeBytes);
    long volatileStart = placement.globals().physicalStart() + Globals.VOLATILE_STORE;
    this.volatileStorage =
        new PlacedMemory(
            globals.asSlice(Globals.VOLATILE_STORE, volatileStoreBytes),
            new PageWindow(volatileStart, volatileStoreBytes));
    FirmwareTables.write(globals, addresses, machine.attributesTable());
    globals.set(UINT64, Globals.MIRROR_POINTER, placement.mirror().physicalStart());
    globals.set(UINT64, Globals.VOLATILE_POINTER, volatileStart);
    globals.set(UINT64, Globals.FLASH_POINTER, placement.flash().physicalStart());
  }

  private static void requireRoom(String part, PageRange range, long sizeBytes) {
    if (range.sizeBytes() < sizeBytes) {
      throw new IllegalArgumentException(
          part + " must hold the firmware's: needed=" + sizeBytes + ", size=" + range.sizeBytes());
    }
  }

  /**
   * Puts the mirror in front of the flash, and loads it.
   *
   * @param lease the firmware's way to the flash
   * @return storage that is read from the mirror and written to both
   */
  public NvStorage mirror(NvStorage lease) {
    flash =
        new PlacedFlash(
            lease,
            volumeBytes,
            addresses,
            new PageWindow(placement.flash().physicalStart(), volumeBytes));
    MemorySegment bytes = machine.bytes(placement.mirror()).asSlice(0, volumeBytes);
    return new WriteThroughStorage(flash, mirrorWindow, bytes);
  }

  /**
   * Where the volatile variables are kept.
   *
   * @return always the same storage
   */
  public NvStorage volatileStorage() {
    return volatileStorage;
  }

  /**
   * Puts the clock behind the registers the machine has for one.
   *
   * @param hardware the clock
   * @return the same clock if the machine has it behind I/O ports
   */
  public RealTimeClock clock(RealTimeClock hardware) {
    PageRange registers = placement.clock();
    if (registers == null) {
      return hardware;
    }
    machine
        .bytes(placement.timeDriver().range())
        .set(UINT64, placement.timeDriver().dataOffset(), registers.physicalStart());
    clock = new PlacedClock(hardware, addresses, registers.physicalStart());
    return clock;
  }

  /**
   * The firmware as its crash entry reaches it.
   *
   * @return a new body at the same addresses
   */
  public CrashBody crashBody() {
    return new CrashBody(placement, addresses, volumeBytes);
  }

  /**
   * What SetVirtualAddressMap does.
   *
   * @return a new relocation of this firmware
   */
  public Relocation relocation() {
    return new Relocation(addresses, placement.clock() != null);
  }

  /** Notes in the globals that boot services have ended. Not while a call is inside. */
  public void exitBootServices() {
    globals.set(UINT64, Globals.AT_RUNTIME, 1);
  }

  /**
   * Goes to the code of a service, and finds what the service works with.
   *
   * @param service what is called
   * @param memory the caller's memory
   * @return whether the globals were asked, see {@link #atRuntime}
   */
  public boolean enter(RuntimeService service, AddressSpaceView memory) {
    addresses.fetch(memory, service.ordinal());
    return switch (service) {
      case GET_VARIABLE,
          GET_NEXT_VARIABLE_NAME,
          SET_VARIABLE,
          QUERY_VARIABLE_INFO,
          GET_NEXT_HIGH_MONOTONIC_COUNT -> {
        openVariables(memory);
        yield true;
      }
      case GET_TIME -> {
        openClock(memory);
        yield false;
      }
      case SET_TIME -> {
        openClock(memory);
        // The time driver keeps the zone in a variable.
        addresses.fetch(memory, RuntimeService.SET_VARIABLE.ordinal());
        openVariables(memory);
        yield true;
      }
      default -> false;
    };
  }

  private void openClock(AddressSpaceView memory) {
    if (clock != null) {
      clock.open(memory);
    }
  }

  private void openVariables(AddressSpaceView memory) {
    long base = addresses.current(FirmwareAddresses.GLOBALS);
    mirrorWindow.open(memory, memory.getLong(base + Globals.MIRROR_POINTER));
    volatileStorage.window().open(memory, memory.getLong(base + Globals.VOLATILE_POINTER));
    flash.open(memory, memory.getLong(base + Globals.FLASH_POINTER));
    atRuntime = memory.getLong(base + Globals.AT_RUNTIME) != 0;
  }

  /**
   * What the globals said when they were asked last.
   *
   * @return whether boot services have ended
   */
  public boolean atRuntime() {
    return atRuntime;
  }
}
