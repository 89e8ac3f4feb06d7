// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import static io.efirts.firmware.EfiStatusAssert.assertStatus;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.api.spi.NvStorage;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.images.RecordedImages;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The write log decides where the store is and whether it may be written. */
class InterruptedReclaimTest {
  private static final EfiGuid GUID = EfiGuid.of("6f1d3bd4-6a53-4d2c-9d62-6d0a3c8b7a10");
  private static final int WRITE_HEADER = 0x4_1020;
  private static final int RECORD = WRITE_HEADER + 40;
  private static final int SPARE = 0x4_2000;

  private byte[] bytes;
  private MemorySegment segment;

  @BeforeEach
  void startWithOneVariable() {
    NvImage image = NvImage.inMemory(NvLayout.OVMF_4M);
    new FirmwareHarness(ReferenceFirmware.builder(image).build()).set("A", GUID, 7, (byte) 1);
    bytes = image.storage().content().toArray(ValueLayout.JAVA_BYTE);
    segment = MemorySegment.ofArray(bytes);
  }

  /** One write of the whole store, with the flags that say how far it came. */
  private void log(int writeFlags, int recordFlags) {
    segment.asSlice(WRITE_HEADER, 80).fill((byte) 0);
    bytes[WRITE_HEADER] = (byte) writeFlags;
    LittleEndian.putLong(segment, WRITE_HEADER + 24, 1);
    bytes[RECORD] = (byte) recordFlags;
    LittleEndian.putLong(segment, RECORD + 16, 0x48);
    LittleEndian.putLong(segment, RECORD + 24, 0x3_FFB8);
    LittleEndian.putLong(segment, RECORD + 32, -SPARE);
  }

  private void moveToSpare() {
    System.arraycopy(bytes, 0, bytes, SPARE, 0x4_2000);
    Arrays.fill(bytes, 0, 0x4_0000, (byte) 0xFF);
  }

  private FirmwareHarness guestOf(NvImage image) {
    return new FirmwareHarness(ReferenceFirmware.builder(image).build());
  }

  @Test
  void aStoreThatIsOnlyInTheSpareIsReadThereAndNotWritten() throws Exception {
    log(0xFC, 0xFD);
    moveToSpare();
    NvStorage storage = RecordedImages.storage(bytes);
    NvImage image = NvImage.of(storage);
    FirmwareHarness guest = guestOf(image);
    assertStatus(EfiStatus.SUCCESS, guest.get("A", GUID));
    assertArrayEquals(new byte[] {1}, guest.data());
    assertStatus(EfiStatus.WRITE_PROTECTED, guest.set("A", GUID, 7, (byte) 2));
    assertStatus(EfiStatus.WRITE_PROTECTED, guest.set("B", GUID, 7, (byte) 2));
    assertStatus(EfiStatus.WRITE_PROTECTED, guest.delete("A", GUID, 7));
    assertEquals(
        "an interrupted fault-tolerant write must first be completed by the firmware",
        image.writeRefusal());
    assertArrayEquals(bytes, storage.content().toArray(ValueLayout.JAVA_BYTE));
  }

  @ParameterizedTest
  @CsvSource({
    "0xF8, 0xF9", // complete
    "0xFC, 0xF9", // destination written, only the last mark is missing
    "0xFC, 0xFF", // spare not complete: the target is untouched
    "0xFE, 0xFF", // records not even allocated
  })
  void otherwiseTheStoreIsInPlaceAndWritable(String writeFlags, String recordFlags)
      throws Exception {
    log(Integer.decode(writeFlags), Integer.decode(recordFlags));
    NvImage image = NvImage.of(RecordedImages.storage(bytes));
    assertNull(image.writeRefusal());
    FirmwareHarness guest = guestOf(image);
    assertStatus(EfiStatus.SUCCESS, guest.get("A", GUID));
    assertStatus(EfiStatus.SUCCESS, guest.set("A", GUID, 7, (byte) 2));
  }

  @Test
  void aPendingWriteBehindCompletedOnesIsFound() throws Exception {
    log(0xF8, 0xF9);
    System.arraycopy(bytes, WRITE_HEADER, bytes, WRITE_HEADER + 80, 80);
    bytes[WRITE_HEADER + 80] = (byte) 0xFC;
    bytes[RECORD + 80] = (byte) 0xFD;
    moveToSpare();
    NvImage image = NvImage.of(RecordedImages.storage(bytes));
    assertStatus(EfiStatus.SUCCESS, guestOf(image).get("A", GUID));
    assertNotNull(image.writeRefusal());
  }

  @ParameterizedTest
  @CsvSource({
    "0x41000, 0x12", // not the log's GUID
    "0x41010, 0x12", // its checksum
    "0x41018, 0x12", // its size
    "0x41022, 0x12" // neither allocated nor erased
  })
  void anUnknownLogIsReadButNotWritten(String offset, String value) throws Exception {
    bytes[Integer.decode(offset)] = Integer.decode(value).byteValue();
    NvImage image = NvImage.of(RecordedImages.storage(bytes));
    FirmwareHarness guest = guestOf(image);
    assertStatus(EfiStatus.SUCCESS, guest.get("A", GUID));
    assertStatus(EfiStatus.WRITE_PROTECTED, guest.set("A", GUID, 7, (byte) 2));
    assertStatus(EfiStatus.SUCCESS, guest.set("V", GUID, 2, (byte) 2));
    assertEquals("fault-tolerant write log must be understood: at=0x41000", image.writeRefusal());
  }

  @ParameterizedTest
  @CsvSource({"24, -1", "24, 9223372036854775807", "32, -1", "32, 9223372036854775807"})
  void impossibleCountsInTheLogAreNotFollowed(int field, long value) throws Exception {
    log(0xF8, 0xF9);
    LittleEndian.putLong(segment, WRITE_HEADER + field, value);
    NvImage image = NvImage.of(RecordedImages.storage(bytes));
    assertNotNull(image.writeRefusal());
  }
}
