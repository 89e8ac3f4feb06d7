// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.placed;

import static io.efirts.firmware.EfiStatusAssert.assertStatus;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.efirts.api.memory.AddressSpace;
import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.memory.MappingAttributes;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.RuntimeService;
import io.efirts.api.spi.NvStorage;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.machine.ReferenceMachine;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import io.efirts.testkit.step.Occurrence;
import io.efirts.testkit.step.SteppedStorage;
import io.efirts.testkit.step.StorageFault;
import io.efirts.testkit.step.StorageStep;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/**
 * Whatever is written, refused by the flash or stopped by a fault on the way: the mirror holds what
 * the flash holds, and a firmware that starts on that flash reads the same variables.
 */
class MirrorPropertyTest {
  private static final int OPERATIONS = 25;
  private static final String[] NAMES = {"A", "BB", "CCC"};

  @Property(tries = 60, seed = "21")
  void mirrorAndFlashAreOne(@ForAll @LongRange(min = 0, max = 1L << 40) long seed)
      throws Exception {
    SteppedStorage storage = new SteppedStorage(NvImage.inMemory(NvLayout.OVMF_2M).storage());
    PlacedGuest placed = new PlacedGuest(ReferenceMachine.small(), NvImage.of(storage));
    Random random = new Random(seed);
    for (int i = 0; i < OPERATIONS; i++) {
      StorageStep step = StorageStep.values()[random.nextInt(StorageStep.values().length)];
      StorageFault fault =
          storage.add(StorageFault.at(Occurrence.nth(step, 1 + random.nextInt(12))));
      change(placed, random);
      storage.remove(fault);
      assertEquals(-1, placed.mirror().mismatch(placed.flash()));
    }
    assertReadsAsItsFlash(placed);
  }

  @Property(tries = 60, seed = "21")
  void aPageThatIsMissingInTheMiddleOfAWriteTearsNothing(
      @ForAll @LongRange(min = 0, max = 1L << 40) long seed,
      @ForAll @IntRange(min = 0, max = 3) int page)
      throws Exception {
    PlacedGuest placed =
        new PlacedGuest(ReferenceMachine.small(), NvImage.inMemory(NvLayout.OVMF_2M));
    Random random = new Random(seed);
    AddressSpace space = placed.guest.addressSpace();
    for (int i = 0; i < OPERATIONS; i++) {
      boolean inFlash = random.nextBoolean();
      long base =
          inFlash
              ? placed.machine.placement().flash().physicalStart()
              : placed.machine.placement().mirror().physicalStart();
      VirtualAddress start = new VirtualAddress(base + page * (long) AddressSpace.PAGE_BYTES);
      space.unmap(start, AddressSpace.PAGE_BYTES).ignore();
      try {
        change(placed, random);
      } catch (FirmwareFault expected) {
        assertEquals(start.value(), expected.address());
      }
      PhysicalAddress physical = new PhysicalAddress(start.value());
      space.map(start, physical, AddressSpace.PAGE_BYTES, MappingAttributes.DATA).ignore();
      assertEquals(-1, placed.mirror().mismatch(placed.flash()));
    }
    assertStatus(EfiStatus.SUCCESS, placed.guest.set("After", PlacedGuest.GUID, 7, (byte) 1));
    assertReadsAsItsFlash(placed);
  }

  private static void change(PlacedGuest placed, Random random) {
    String name = NAMES[random.nextInt(NAMES.length)];
    int append = random.nextInt(4) == 0 ? FirmwareHarness.APPEND : 0;
    byte[] data = new byte[random.nextInt(3) == 0 ? 0 : random.nextInt(600)];
    random.nextBytes(data);
    placed.guest.set(name, PlacedGuest.GUID, PlacedGuest.NV_BS_RT | append, data);
  }

  private static void assertReadsAsItsFlash(PlacedGuest placed) throws Exception {
    Map<String, String> read = placed.guest.variables();
    NvStorage storage = placed.image.storage();
    FirmwareHarness next =
        new FirmwareHarness(ReferenceFirmware.builder(NvImage.of(storage)).build());
    assertEquals(next.variables(), read);
  }

  /** The mirror lies in memory a guest may write to: it harms itself, and only by faults. */
  @Property(tries = 100, seed = "21")
  void scribblingOverTheMirrorRaisesNothingButFaults(
      @ForAll @LongRange(min = 0, max = 1L << 40) long seed) {
    PlacedGuest placed =
        new PlacedGuest(ReferenceMachine.small(), NvImage.inMemory(NvLayout.OVMF_2M));
    placed.guest.set("Second", PlacedGuest.GUID, 7, new byte[100]);
    Random random = new Random(seed);
    MemorySegment mirror = placed.mirror();
    for (int i = 0; i < 20; i++) {
      byte[] bytes = new byte[1 + random.nextInt(4)];
      random.nextBytes(bytes);
      MemorySegment.copy(
          MemorySegment.ofArray(bytes), 0, mirror, 0x64 + random.nextInt(400), bytes.length);
      // Anything else that is thrown comes through here.
      assertFalse(placed.faulting(placed.guest).contains(RuntimeService.GET_TIME));
    }
  }
}
