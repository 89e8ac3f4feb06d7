// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.storage;

import static io.efirts.firmware.EfiStatusAssert.assertStatus;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.efirts.api.spec.EfiGuid;
import io.efirts.api.spec.EfiStatus;
import io.efirts.firmware.FirmwareHarness;
import io.efirts.firmware.ReferenceFirmware;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvImageException;
import io.efirts.firmware.store.NvLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store in a file: what was set is in the file, whoever opens it next. */
class MappedFileStorageTest {
  private static final EfiGuid GUID = EfiGuid.of("6f1d3bd4-6a53-4d2c-9d62-6d0a3c8b7a10");

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void create() throws IOException {
    file = folder.resolve("vars.fd");
    NvImage.create(file, NvLayout.OVMF_4M).close();
  }

  private static FirmwareHarness guestOf(NvImage image) {
    return new FirmwareHarness(ReferenceFirmware.builder(image).build());
  }

  @Test
  void whatWasSetIsInTheFile() throws IOException {
    try (NvImage image = NvImage.open(file)) {
      assertStatus(EfiStatus.SUCCESS, guestOf(image).set("A", GUID, 7, (byte) 1));
    }
    try (NvImage image = NvImage.openReadOnly(file)) {
      FirmwareHarness guest = guestOf(image);
      assertStatus(EfiStatus.SUCCESS, guest.get("A", GUID));
      assertArrayEquals(new byte[] {1}, guest.data());
    }
  }

  @Test
  void aReadOnlyImageRefusesNonVolatileWritesOnly() throws IOException {
    byte[] before = Files.readAllBytes(file);
    try (NvImage image = NvImage.openReadOnly(file)) {
      FirmwareHarness guest = guestOf(image);
      assertStatus(EfiStatus.WRITE_PROTECTED, guest.set("A", GUID, 7, (byte) 1));
      assertStatus(EfiStatus.SUCCESS, guest.set("A", GUID, 2, (byte) 1));
      assertEquals("image was opened read-only", image.writeRefusal());
    }
    assertArrayEquals(before, Files.readAllBytes(file));
  }

  @Test
  void openingAndReadingChangesNothing() throws IOException {
    byte[] before = Files.readAllBytes(file);
    try (NvImage image = NvImage.open(file)) {
      assertStatus(EfiStatus.NOT_FOUND, guestOf(image).get("A", GUID));
    }
    assertArrayEquals(before, Files.readAllBytes(file));
  }

  @Test
  void anInterruptedThreadReadsAndWritesAsAnyOther() throws IOException {
    try (NvImage image = NvImage.open(file)) {
      FirmwareHarness guest = guestOf(image);
      Thread.currentThread().interrupt();
      assertStatus(EfiStatus.SUCCESS, guest.set("A", GUID, 7, (byte) 1));
      assertStatus(EfiStatus.SUCCESS, guest.get("A", GUID));
      assertTrue(Thread.interrupted(), "the flag is left alone");
      assertStatus(EfiStatus.SUCCESS, guest.set("A", GUID, 7, (byte) 2));
    }
  }

  @Test
  void aFileIsWritableForOneOwnerAtATime() throws IOException {
    try (NvImage image = NvImage.open(file)) {
      IOException e = assertThrows(IOException.class, () -> NvImage.open(file));
      assertEquals("file must not be open twice: path=" + file, e.getMessage());
      assertEquals(NvLayout.OVMF_4M, image.layout());
      NvImage.openReadOnly(file).close();
    }
    NvImage.open(file).close();
  }

  @Test
  void aFileInUseByAnotherProcessIsRefused() throws Exception {
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertEquals('L', holder.getInputStream().read());
      IOException e = assertThrows(IOException.class, () -> NvImage.open(file));
      assertEquals("file must not be in use by another process: path=" + file, e.getMessage());
    } finally {
      holder.getOutputStream().close();
      assertEquals(0, holder.waitFor());
    }
    NvImage.open(file).close();
  }

  /** Keeps an image open until its standard input ends. */
  static final class LockHolder {
    private LockHolder() {}

    public static void main(String[] arguments) throws IOException {
      try (NvImage image = NvImage.open(Path.of(arguments[0]))) {
        System.out.write(image.writeRefusal() == null ? 'L' : 'R');
        System.out.flush();
        System.in.read();
      }
    }
  }

  @Test
  void missingEmptyAndForeignFilesAreRefusedWithTheReason() throws IOException {
    Path missing = folder.resolve("missing.fd");
    assertEquals(
        "file must exist: path=" + missing,
        assertThrows(IOException.class, () -> NvImage.open(missing)).getMessage());
    Path empty = Files.createFile(folder.resolve("empty.fd"));
    assertEquals(
        "file must not be empty: path=" + empty,
        assertThrows(IOException.class, () -> NvImage.open(empty)).getMessage());
    Path text = Files.writeString(folder.resolve("text.fd"), "hello");
    assertThrows(NvImageException.class, () -> NvImage.open(text));
    Files.delete(text); // nothing keeps it open
  }

  @Test
  void anExistingFileIsNotOverwritten() throws IOException {
    byte[] before = Files.readAllBytes(file);
    IOException e = assertThrows(IOException.class, () -> NvImage.create(file, NvLayout.OVMF_2M));
    assertEquals("file must not exist yet: path=" + file, e.getMessage());
    assertArrayEquals(before, Files.readAllBytes(file));
  }

  @Test
  void afterCloseAccessIsRefused() throws IOException {
    MappedFileStorage storage = MappedFileStorage.open(file);
    storage.close();
    storage.close();
    assertThrows(IllegalStateException.class, () -> storage.compareAndSetWord(0, 0, 0));
  }

  @Test
  void memoryStorageSaysWhatItNeeds() {
    assertEquals(
        "storage size must be a positive multiple of 8 below 16 GiB: sizeBytes=12",
        assertThrows(IllegalArgumentException.class, () -> MemoryStorage.allocate(12))
            .getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> MemoryStorage.over(java.lang.foreign.MemorySegment.ofArray(new byte[8])));
  }
}
