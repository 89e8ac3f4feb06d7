// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import static io.efirts.firmware.EfiStatusAssert.assertStatus;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spi.NvStorage;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.images.RecordedImages;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An image of zeros or of ones is an empty store and is formatted when first written. */
class UnformattedImageTest {
  private static final EfiGuid GUID = EfiGuid.of("6f1d3bd4-6a53-4d2c-9d62-6d0a3c8b7a10");

  private static byte[] filled(int size, int value) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static byte[] bytes(NvStorage storage) {
    return storage.content().toArray(ValueLayout.JAVA_BYTE);
  }

  @ParameterizedTest
  @CsvSource({
    "0x20000, 0x00, OVMF_2M",
    "0x20000, 0xFF, OVMF_2M",
    "0x84000, 0x00, OVMF_4M",
    "0x84000, 0xFF, OVMF_4M",
    "0xC0000, 0x00, ARM_VIRT",
    "0x400000, 0xFF, ARM_VIRT",
    "0x4000000, 0x00, ARM_VIRT"
  })
  void isEmptyUntilFormattedByTheFirstWrite(String size, String fill, NvLayout layout)
      throws Exception {
    byte[] before = filled(Integer.decode(size), Integer.decode(fill));
    NvStorage storage = RecordedImages.storage(before);
    NvImage image = NvImage.of(storage);
    assertEquals(layout, image.layout());
    FirmwareHarness guest = new FirmwareHarness(ReferenceFirmware.builder(image).build());
    guest.pokeName("");
    assertStatus(EfiStatus.NOT_FOUND, guest.next());
    assertStatus(EfiStatus.NOT_FOUND, guest.delete("A", GUID, 7));
    assertEquals(-1, Arrays.mismatch(before, bytes(storage)), "reading formats nothing");
    assertEquals(image.store().capacityBytes(), image.store().freeBytes());

    assertStatus(EfiStatus.SUCCESS, guest.set("A", GUID, 7, (byte) 1));
    byte[] after = bytes(storage);
    NvImage fresh = NvImage.inMemory(layout);
    new FirmwareHarness(ReferenceFirmware.builder(fresh).build()).set("A", GUID, 7, (byte) 1);
    byte[] expected = bytes(fresh.storage());
    assertArrayEquals(expected, Arrays.copyOf(after, expected.length));
    assertEquals(
        -1,
        Arrays.mismatch(
            before, expected.length, before.length, after, expected.length, after.length),
        "the padding behind the volume stays");
  }

  @ParameterizedTest
  @CsvSource({"0x20008, 0x00", "0x84008, 0xFF", "0x40000, 0x00"})
  void ofAnotherSizeIsAnError(String size, String fill) {
    NvStorage storage = RecordedImages.storage(filled(Integer.decode(size), Integer.decode(fill)));
    assertThrows(NvImageException.class, () -> NvImage.of(storage));
  }

  @ParameterizedTest
  @CsvSource({"0x00", "0xFF"})
  void aPowerCutWhileFormattingLeavesAnEmptyImageOrTheFirstVariable(String fill) throws Exception {
    RecordingStorage storage = new RecordingStorage(filled(0x20000, Integer.decode(fill)));
    FirmwareHarness guest =
        new FirmwareHarness(ReferenceFirmware.builder(NvImage.of(storage)).build());
    assertStatus(EfiStatus.SUCCESS, guest.set("A", GUID, 7, (byte) 1));
    Random random = new Random(1);
    boolean sawEmpty = false;
    for (int cut = 0; cut <= storage.operations(); cut++) {
      NvImage image = NvImage.of(RecordedImages.storage(storage.mediumAfterCut(cut, random)));
      sawEmpty |= image.store().nextVisible(VariableStore.NONE, 0) == VariableStore.NONE;
      FirmwareHarness after = new FirmwareHarness(ReferenceFirmware.builder(image).build());
      EfiStatus status = EfiStatus.of(after.set("B", GUID, 7, (byte) 2));
      assertTrue(
          status.equals(EfiStatus.SUCCESS) || status.equals(EfiStatus.OUT_OF_RESOURCES), "" + cut);
    }
    assertTrue(sawEmpty);
  }

  /** I-29: the volume header is forced with the first change, whoever wrote it. */
  @Test
  void aProcessKilledAnywhereWhileFormattingIsNoLiabilityForTheNext() throws Exception {
    Random random = new Random(1);
    int killed = 0;
    while (survivesKillAt(killed, random)) {
      killed++;
    }
    assertTrue(killed > 40, "at each operation: killed=" + killed);
  }

  /** False if the first write ended before that operation. */
  private static boolean survivesKillAt(int operation, Random random) throws Exception {
    RecordingStorage storage = new RecordingStorage(filled(0x20000, 0));
    storage.die(operation, false);
    new FirmwareHarness(ReferenceFirmware.builder(NvImage.of(storage)).build())
        .set("A", GUID, 7, (byte) 1);
    if (!storage.dead()) {
      return false;
    }
    storage.revive();
    FirmwareHarness next =
        new FirmwareHarness(ReferenceFirmware.builder(NvImage.of(storage)).build());
    assertStatus(EfiStatus.SUCCESS, next.set("B", GUID, 7, (byte) 2));
    for (int i = 0; i < 5; i++) {
      byte[] medium = storage.mediumAfterCut(storage.operations(), random);
      NvImage image = NvImage.of(RecordedImages.storage(medium));
      FirmwareHarness after = new FirmwareHarness(ReferenceFirmware.builder(image).build());
      assertStatus(EfiStatus.SUCCESS, after.get("B", GUID));
    }
    return true;
  }

  @Test
  void anImageThatRefusesToBeFormattedStaysEmpty() throws Exception {
    byte[] before = filled(0x20000, 0);
    RecordingStorage storage = new RecordingStorage(before);
    storage.refuse(5, false);
    FirmwareHarness guest =
        new FirmwareHarness(ReferenceFirmware.builder(NvImage.of(storage)).build());
    assertStatus(EfiStatus.DEVICE_ERROR, guest.set("A", GUID, 7, (byte) 1));
    assertStatus(EfiStatus.NOT_FOUND, guest.get("A", GUID));
    assertStatus(EfiStatus.SUCCESS, guest.set("A", GUID, 7, (byte) 1));
  }
}
