// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.service;

import static io.efirts.api.spec.EfiStatus.SUCCESS;
import static io.efirts.api.spec.RuntimeService.GET_VARIABLE;
import static io.efirts.api.spec.RuntimeService.SET_VARIABLE;
import static io.efirts.firmware.EfiStatusAssert.assertStatus;
import static io.efirts.firmware.FirmwareHarness.DATA;
import static io.efirts.firmware.FirmwareHarness.END;
import static io.efirts.firmware.FirmwareHarness.GUID;
import static io.efirts.firmware.FirmwareHarness.NAME;
import static io.efirts.firmware.FirmwareHarness.SIZE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.efirts.api.memory.FirmwareFault;
import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spec.RuntimeService;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pointers that lead nowhere fault where a processor would, and change nothing. */
class GuestMemoryFaultTest {
  private static final EfiGuid V1 = EfiGuid.of("f6fab04f-acaf-4af3-b9fa-dcf97fb4426f");
  private static final long NOWHERE = 0xDEAD_0000L;

  private NvImage image;
  private FirmwareHarness guest;

  @BeforeEach
  void start() {
    image = NvImage.inMemory(NvLayout.OVMF_2M);
    guest = new FirmwareHarness(ReferenceFirmware.builder(image).build());
    guest.set("A", V1, 7, (byte) 1);
  }

  private byte[] bytes() {
    return image.storage().content().toArray(ValueLayout.JAVA_BYTE);
  }

  @ParameterizedTest
  @CsvSource({
    "0xDEAD0000, 0x230000, 0x240000",
    "0x200000, 0xDEAD0000, 0x240000",
    "0x200000, 0x230000, 0xDEAD0000",
    "0x200000, 0x230000, 0x25FFF8"
  })
  void aFaultInSetVariableLeavesTheStoreUnchanged(String name, String guid, String data) {
    byte[] before = bytes();
    assertThrows(
        FirmwareFault.class,
        () ->
            guest.call(
                SET_VARIABLE, Long.decode(name), Long.decode(guid), 7, 16, Long.decode(data)));
    assertArrayEquals(before, bytes());
    assertStatus(SUCCESS, guest.get("A", V1));
    assertArrayEquals(new byte[] {1}, guest.data());
  }

  @Test
  void theFaultNamesTheAddress() {
    FirmwareFault fault =
        assertThrows(
            FirmwareFault.class, () -> guest.call(GET_VARIABLE, NOWHERE, GUID, 0, SIZE, DATA));
    assertEquals(NOWHERE, fault.address());
  }

  @Test
  void aNameMayEndAtTheEndOfMemory() {
    long last = END - 4;
    guest.poke(last, (byte) 'A', (byte) 0, (byte) 0, (byte) 0);
    guest.pokeLong(SIZE, 1);
    assertStatus(SUCCESS, guest.call(GET_VARIABLE, last, GUID, 0, SIZE, DATA));
  }

  @Test
  void aNameMayLieAtAnOddAddressAndCrossPages() {
    long odd = NAME + 4096 - 1;
    guest.poke(odd, (byte) 'A', (byte) 0, (byte) 0, (byte) 0);
    guest.pokeLong(SIZE, 1);
    assertStatus(SUCCESS, guest.call(GET_VARIABLE, odd, GUID, 0, SIZE, DATA));
  }

  /** Nothing a guest can pass raises anything but the fault of the address space. */
  @Property(tries = 2000, seed = "20")
  void anyArgumentsGiveAStatusOrAFault(@ForAll long seed) {
    Random random = new Random(seed);
    FirmwareHarness any = new FirmwareHarness(ReferenceFirmware.builder(NvLayout.OVMF_2M).build());
    long[] interesting = {
      0,
      1,
      2,
      7,
      0x47,
      -1,
      Long.MAX_VALUE,
      Long.MIN_VALUE,
      NAME,
      NAME + 1,
      GUID,
      SIZE,
      DATA,
      END - 1,
      END - 16,
      NOWHERE,
      0x2000,
      0xFFFF_FFFFL
    };
    for (int i = 0; i < 20; i++) {
      RuntimeService service = RuntimeService.of(random.nextInt(RuntimeService.COUNT));
      long[] words = new long[service.signature().parameterCount()];
      for (int w = 0; w < words.length; w++) {
        words[w] = interesting[random.nextInt(interesting.length)];
      }
      any.pokeLong(SIZE, interesting[random.nextInt(interesting.length)]);
      any.pokeLong(NAME, random.nextLong() & 0x0000_FFFF_00FF_00FFL);
      try {
        long status = any.call(service, words);
        assertEquals(status == 0, EfiStatus.of(status).equals(SUCCESS));
      } catch (FirmwareFault fault) {
        assertEquals(-1, indexOf(fault.address()), "a fault is outside guest memory");
      }
    }
  }

  private static int indexOf(long address) {
    return address >= NAME && address < END ? 0 : -1;
  }
}
