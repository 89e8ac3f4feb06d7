// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.read;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.pstore.codec.PartCompressor;
import io.efirts.pstore.format.RecordForm;
import io.efirts.pstore.format.RecordName;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CrashRecordTest {
  private static final byte[] TEXT =
      "Panic#1 Part1\n<0>one\n<0>one\n<0>one\n".getBytes(StandardCharsets.US_ASCII);

  private static byte[] deflated(byte[] text) {
    try (PartCompressor compressor = new PartCompressor()) {
      byte[] target = new byte[text.length + 100];
      return Arrays.copyOf(
          target, compressor.compress(text, 0, text.length, target, target.length));
    }
  }

  @Test
  void aPlainRecordIsShownAsItIs() {
    RecordContent content = new CrashRecord(RecordName.of(0, 1, 2, 3, false), TEXT).content();

    assertTrue(content.isDecoded());
    assertArrayEquals(TEXT, content.bytes());
    assertEquals("dmesg-efi_pstore-301002", content.fileName());
  }

  @Test
  void aCompressedRecordIsDecoded() {
    CrashRecord record = new CrashRecord(RecordName.of(0, 1, 2, 3, true), deflated(TEXT));
    RecordContent content = record.content();

    assertTrue(content.isDecoded());
    assertArrayEquals(TEXT, content.bytes());
    assertEquals("dmesg-efi_pstore-301002", content.fileName());
    assertEquals("dump-type0-1-2-3-C (" + record.storedBytes() + " bytes)", record.toString());
  }

  @Test
  void aDamagedRecordStaysAsStored() {
    byte[] damaged = Arrays.copyOf(deflated(TEXT), 5);
    RecordContent content = new CrashRecord(RecordName.of(0, 1, 2, 3, true), damaged).content();

    assertFalse(content.isDecoded());
    assertArrayEquals(damaged, content.bytes());
    assertEquals("dmesg-efi_pstore-301002.enc.z", content.fileName());
    assertEquals("dmesg-efi_pstore-301002-dump-type0-1-2-3-C.enc.z", content.distinctFileName());
  }

  @Test
  void aRecordThatGrowsBeyondAllMeasureStaysAsStored() {
    CrashRecord bomb =
        new CrashRecord(RecordName.of(0, 1, 2, 3, true), deflated(new byte[10_000_000]));
    CrashRecord large =
        new CrashRecord(
            RecordName.of(0, 1, 2, 3, true), deflated(new byte[CrashRecord.TEXT_LIMIT_BYTES]));

    assertFalse(bomb.content().isDecoded());
    assertTrue(large.content().isDecoded());
  }

  @Test
  void otherTypesAreNotDecodedAndHaveTheirPrefix() {
    RecordContent mce = new CrashRecord(RecordName.of(1, 1, 2, 3, true), deflated(TEXT)).content();
    RecordContent unknown = new CrashRecord(RecordName.of(99, 1, 2, 3, false), TEXT).content();

    assertFalse(mce.isDecoded());
    assertEquals("mce-efi_pstore-301002.enc.z", mce.fileName());
    assertEquals("unknown-efi_pstore-301002", unknown.fileName());
  }

  @Test
  void formsWithoutLetterAreNotCompressed() {
    CrashRecord record =
        new CrashRecord(new RecordName(RecordForm.WITHOUT_COUNT, 0, 1, 0, 3, false), TEXT);

    assertArrayEquals(TEXT, record.content().bytes());
    assertEquals("dmesg-efi_pstore-301000", record.content().fileName());
  }

  @Test
  void itsBytesCannotBeChangedFromOutside() {
    byte[] given = TEXT.clone();
    CrashRecord record = new CrashRecord(RecordName.of(0, 1, 2, 3, false), given);
    given[0]++;
    record.stored()[0]++;
    record.content().bytes()[0]++;

    assertArrayEquals(TEXT, record.stored());
    assertArrayEquals(TEXT, record.content().bytes());
  }
}
