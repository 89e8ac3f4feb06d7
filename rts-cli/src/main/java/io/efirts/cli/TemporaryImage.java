// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.firmware.FirmwarePhase;
import io.efirts.firmware.store.NvImage;
import io.efirts.firmware.store.NvLayout;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** An image file in a temporary directory; closing deletes both. */
final class TemporaryImage implements AutoCloseable {
  private final Path directory;
  private final Path path;

  private TemporaryImage() {
    try {
      directory = Files.createTempDirectory("rts-demo-");
    } catch (IOException e) {
      throw new CliException("no temporary directory: " + e.getMessage(), e);
    }
    path = directory.resolve("vars.fd");
  }

  static TemporaryImage fresh(NvLayout layout) {
    return new TemporaryImage().filled(image -> NvImage.create(image.path, layout).close());
  }

  static TemporaryImage copyOf(Path original) {
    // Opened once, so that what is wrong with it is said with its own name.
    OpenStore.forReading(original, FirmwarePhase.BOOT).close();
    return new TemporaryImage().filled(image -> image.copy(original));
  }

  /** Copies the bytes alone: the copy must be writable where the original is not. */
  private void copy(Path original) throws IOException {
    try (OutputStream copy = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW)) {
      Files.copy(original, copy);
    }
  }

  private interface Filling {
    void fill(TemporaryImage image) throws IOException;
  }

  private TemporaryImage filled(Filling filling) {
    try {
      filling.fill(this);
      return this;
    } catch (IOException e) {
      close();
      throw ImageFiles.failure(path, e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() {
    try {
      Files.deleteIfExists(path);
      Files.delete(directory);
    } catch (IOException e) {
      throw ImageFiles.failure(path, e);
    }
  }
}
