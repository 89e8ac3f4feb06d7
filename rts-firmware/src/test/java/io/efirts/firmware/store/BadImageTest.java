// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

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
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A damaged image gives an error of one line or is read as far as it is right, never more. */
class BadImageTest {
  private static final byte[] GOOD = RecordedImages.image(RecordedImages.TORN);

  /** Opens and reads everything; true if it could be opened. The bytes stay as they are. */
  private static boolean opens(byte[] bytes) {
    NvStorage storage = RecordedImages.storage(bytes);
    boolean opened;
    try {
      NvImage image = NvImage.of(storage);
      walk(new FirmwareHarness(ReferenceFirmware.builder(image).build()));
      opened = true;
    } catch (NvImageException e) {
      assertEquals(1, e.getMessage().lines().count());
      assertTrue(e.getMessage().contains("at=0x"), e.getMessage());
      opened = false;
    }
    byte[] after = storage.content().toArray(ValueLayout.JAVA_BYTE);
    assertEquals(-1, Arrays.mismatch(bytes, Arrays.copyOf(after, bytes.length)));
    return opened;
  }

  private static void walk(FirmwareHarness guest) {
    guest.pokeName("");
    int steps = 0;
    while (EfiStatus.of(guest.next()).equals(EfiStatus.SUCCESS)) {
      String name = guest.name();
      assertEquals(EfiStatus.SUCCESS, EfiStatus.of(guest.get(name, guest.guid())));
      assertTrue(++steps < 20_000, "the walk must end");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0x00, 1", // zero vector
    "0x10, 0", // GUID
    "0x20, 1", // length
    "0x28, 0", // signature
    "0x30, 0", // header length
    "0x32, 0", // checksum
    "0x37, 3", // revision
    "0x38, 1", // block map
    "0x48, 1", // store GUID
    "0x58, 1", // store size
    "0x5C, 0", // format
    "0x5D, 0" // state
  })
  void aDamagedHeaderIsAnError(String offset, byte value) {
    byte[] bytes = GOOD.clone();
    bytes[Integer.decode(offset)] = value;
    assertTrue(!opens(bytes));
  }

  @Test
  void theMessageSaysWhatWhereAndWhatWasExpected() {
    byte[] bytes = GOOD.clone();
    bytes[0x5C] = 0x11;
    NvImageException e =
        assertThrows(NvImageException.class, () -> NvImage.of(RecordedImages.storage(bytes)));
    assertEquals(
        "variable store must be formatted: at=0x5c, found=0x11, expected=0x5a", e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 64, 0x48, 0x64, 0x1000, 0x1FFF8, 0x20000, 0x40000, 0x83FF8})
  void aTruncatedImageIsAnError(int length) {
    assertTrue(!opens(Arrays.copyOf(GOOD, length)));
  }

  @Test
  void aLongerImageIsFine() {
    assertTrue(opens(Arrays.copyOf(GOOD, GOOD.length + 0x1000)));
  }

  @ParameterizedTest
  @CsvSource({
    "36, 0xFFFFFFFF",
    "36, 0xFFFFFFFE",
    "40, 0xFFFFFFFF",
    "40, 0x7FFFFFFF",
    "40, 0x40000",
    "36, 0",
    "36, 1",
    "36, 21",
    "36, 20",
    "36, 24",
    "36, 0x8402"
  })
  void impossibleSizesOfALiveRecordAreAnError(int field, String size) {
    byte[] bytes = GOOD.clone();
    put32(bytes, 0x64 + field, Long.decode(size).intValue());
    assertTrue(!opens(bytes));
  }

  private static void put32(byte[] bytes, int offset, int value) {
    for (int i = 0; i < 4; i++) {
      bytes[offset + i] = (byte) (value >>> 8 * i);
    }
  }

  @Test
  void aDeadRecordMayHaveAnyName() {
    byte[] bytes = GOOD.clone();
    assertEquals(0x3C, bytes[0x1a8 + 2]);
    bytes[0x1a8 + 60] = 0;
    bytes[0x1a8 + 61] = 0;
    assertTrue(opens(bytes));
  }

  @Test
  void addedTwinsAreShownOnceAndTheFirstCounts() throws Exception {
    byte[] bytes = GOOD.clone();
    bytes[0x3ba4 + 2] = 0x3F; // the first T0 again, beside the second
    assertTrue(opens(bytes));
    NvStorage storage = RecordedImages.storage(bytes);
    NvImage image = NvImage.of(storage);
    FirmwareHarness guest = new FirmwareHarness(ReferenceFirmware.builder(image).build());
    assertEquals(
        EfiStatus.SUCCESS, EfiStatus.of(guest.set("T0", image.store().guid(0x3ba4), 7, (byte) 5)));
    assertEquals(EfiStatus.SUCCESS, EfiStatus.of(guest.get("T0", image.store().guid(0x3ba4))));
    assertArrayEquals(new byte[] {5}, guest.data());
  }

  @Test
  void replacingAnAddedTwinSurvivesAPowerCut() throws Exception {
    byte[] bytes = GOOD.clone();
    bytes[0x3ba4 + 2] = 0x3F;
    NvImage before = NvImage.of(RecordedImages.storage(bytes));
    EfiGuid guid = before.store().guid(0x3ba4);
    byte[] old = before.store().data(0x3ba4);
    RecordingStorage storage = new RecordingStorage(bytes);
    FirmwareHarness guest =
        new FirmwareHarness(ReferenceFirmware.builder(NvImage.of(storage)).build());
    assertEquals(EfiStatus.SUCCESS, EfiStatus.of(guest.set("T0", guid, 7, (byte) 5)));
    Random random = new Random(1);
    for (int i = 0; i < 40 * storage.operations(); i++) {
      byte[] medium = storage.mediumAfterCut(i / 40, random);
      FirmwareHarness after =
          new FirmwareHarness(
              ReferenceFirmware.builder(NvImage.of(RecordedImages.storage(medium))).build());
      assertEquals(EfiStatus.SUCCESS, EfiStatus.of(after.get("T0", guid)));
      byte[] data = after.data();
      assertTrue(Arrays.equals(old, data) || Arrays.equals(new byte[] {5}, data));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x6064, 0x6068, 0x6090, 0x7000, 0x3FFFF})
  void aDirtyTailCanBeReadButNotAppendedTo(int dirt) throws Exception {
    byte[] bytes = GOOD.clone();
    bytes[dirt] = 0x77;
    assertTrue(opens(bytes));
    NvStorage storage = RecordedImages.storage(bytes);
    NvImage image = NvImage.of(storage);
    FirmwareHarness guest = new FirmwareHarness(ReferenceFirmware.builder(image).build());
    EfiStatus status = EfiStatus.of(guest.set("New", image.store().guid(0x64), 7, (byte) 1));
    if (dirt == 0x6068) {
      assertEquals(EfiStatus.SUCCESS, status, "a claim somebody began is completed");
    } else {
      assertEquals(EfiStatus.OUT_OF_RESOURCES, status);
      assertArrayEquals(bytes, storage.content().toArray(ValueLayout.JAVA_BYTE));
    }
  }

  @Property(tries = 150, seed = "20")
  void randomDamageNeverRaisesAnythingElse(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] bytes = GOOD.clone();
    for (int i = random.nextInt(6); i >= 0; i--) {
      int offset = random.nextBoolean() ? random.nextInt(0x6100) : random.nextInt(bytes.length);
      bytes[offset] = (byte) random.nextInt(256);
    }
    opens(bytes);
  }

  @Property(tries = 150, seed = "20")
  void randomBytesBehindValidHeadersNeverRaiseAnythingElse(@ForAll long seed) {
    Random random = new Random(seed);
    byte[] bytes = GOOD.clone();
    byte[] noise = new byte[0x100];
    int at = 0x64 + random.nextInt(64) * 4;
    random.nextBytes(noise);
    System.arraycopy(noise, 0, bytes, at, noise.length);
    put32(bytes, at, 0x0055AA | (random.nextBoolean() ? 0x3F : random.nextInt(256)) << 16);
    opens(bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x20000, 0x84000, 0xC0000, 0x100000})
  void noiseOfAKnownSizeIsAnError(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    assertTrue(!opens(bytes));
  }
}
