// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A fresh image has the bytes of the one Debian ships. */
class FreshImageTest {
  /** Of Debian's ovmf package, version 2022.11-6+deb12u2. */
  private static final String OVMF_VARS_4M =
      "5d2ac383371b408398accee7ec27c8c09ea5b74a0de0ceea6513388b15be5d1e";

  private static final String OVMF_VARS =
      "6ed987af3a3c155be71665f510eae3e007eda9b8b94afd59d45e91c4a11565cc";

  @ParameterizedTest
  @CsvSource({"OVMF_4M, " + OVMF_VARS_4M, "OVMF_2M, " + OVMF_VARS})
  void isDebiansFile(NvLayout layout, String sha256, @TempDir Path folder) throws Exception {
    Path file = folder.resolve("vars.fd");
    NvImage.create(file, layout).close();
    assertEquals(sha256, sha256(Files.readAllBytes(file)));
    try (NvImage memory = NvImage.inMemory(layout)) {
      assertEquals(sha256, sha256(memory.storage().content().toArray(ValueLayout.JAVA_BYTE)));
    }
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Test
  void armVirtHasTheTemplatesHeaderAndTheDriversWorkingBlock() {
    MemorySegment content = NvImage.inMemory(NvLayout.ARM_VIRT).storage().content();
    assertEquals(0xC_0000, content.byteSize());
    assertEquals(0x0928, LittleEndian.getU16(content, 0x32));
    assertEquals(3, LittleEndian.getInt(content, 0x38));
    assertEquals(0x4_0000, LittleEndian.getInt(content, 0x3C));
    assertEquals(0x3_FFB8, LittleEndian.getInt(content, 0x58));
    assertEquals(0x86C6_E75B, LittleEndian.getInt(content, 0x4_0010));
    assertEquals(0x3_FFE0, LittleEndian.getLong(content, 0x4_0018));
  }
}
