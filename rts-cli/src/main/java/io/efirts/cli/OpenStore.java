// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.cli;

import io.efirts.api.CallResult;
import io.efirts.api.RuntimeServices;
import io.efirts.api.VariableReader;
import io.efirts.api.spi.StorageException;
import io.efirts.dispatch.Dispatcher;
import io.efirts.firmware.FirmwarePhase;
import io.efirts.firmware.store.NvImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;

/**
 * A machine that was just switched on: an image file, the reference firmware over it, and the
 * dispatcher through which commands call it. Closing ends the dispatcher, then the image.
 */
final class OpenStore implements AutoCloseable {
  private final Path path;
  private final NvImage image;
  private final Dispatcher dispatcher;

  private OpenStore(Path path, NvImage image, MachineArch arch, FirmwarePhase phase) {
    this.path = path;
    this.image = image;
    this.dispatcher =
        Dispatcher.builder()
            .firmware(arch.factory(image, phase))
            .calls(1)
            // Room for a whole store: more than any name and value that firmware takes or gives.
            .bufferBytes(image.layout().storeBytes())
            .start();
  }

  /** Opens without a right to change anything: not a byte, not the time of the last change. */
  static OpenStore forReading(Path path, FirmwarePhase phase) {
    return forReading(path, MachineArch.FLAT, phase);
  }

  /** The same on a machine of some kind. */
  static OpenStore forReading(Path path, MachineArch arch, FirmwarePhase phase) {
    ImageFiles.requireReadable(path);
    return open(path, arch, phase, NvImage::openReadOnly);
  }

  /** Opens at boot, for exclusive use. */
  static OpenStore forWriting(Path path) {
    return forWriting(path, FirmwarePhase.BOOT);
  }

  /** Opens for exclusive use. */
  static OpenStore forWriting(Path path, FirmwarePhase phase) {
    return forWriting(path, MachineArch.FLAT, phase);
  }

  /** The same on a machine of some kind. */
  static OpenStore forWriting(Path path, MachineArch arch, FirmwarePhase phase) {
    ImageFiles.requireWritable(path);
    OpenStore store = open(path, arch, phase, NvImage::open);
    String refusal = store.image.writeRefusal();
    if (refusal != null) {
      store.close();
      throw new CliException(path + ": " + refusal);
    }
    return store;
  }

  private interface Opener {
    NvImage open(Path path) throws IOException;
  }

  private static OpenStore open(Path path, MachineArch arch, FirmwarePhase phase, Opener opener) {
    try {
      NvImage image = opener.open(path);
      try {
        return new OpenStore(path, image, arch, phase);
      } catch (RuntimeException | Error e) {
        image.close();
        throw e;
      }
    } catch (IOException e) {
      throw ImageFiles.failure(path, e);
    }
  }

  RuntimeServices services() {
    return dispatcher.runtimeServices();
  }

  /** A reader that takes every value and name the store can hold. */
  VariableReader reader() {
    return new VariableReader(services(), image.layout().storeBytes());
  }

  /** All crash records the store holds; what is to be said of the others goes to {@code err}. */
  CrashRecords crashRecords(PrintWriter err) {
    return CrashRecords.read(services(), image.layout().storeBytes(), err);
  }

  /** Refuses a name and a value that are larger than anything firmware has room to look at. */
  void requireRoomFor(String name, int dataBytes) {
    long bytes = (long) Character.BYTES * (name.length() + 1) + dataBytes;
    int limit = image.layout().maxAuthenticatedVariableBytes();
    if (bytes > limit) {
      throw new CliException(
          "name and value must fit a variable of this store: bytes=" + bytes + ", limit=" + limit);
    }
  }

  /**
   * Goes on only after success.
   *
   * @param result what a call returned
   * @param call the service, and what it was about
   * @throws CliException with the status and what is known of its cause
   */
  void requireSuccess(CallResult result, String call) {
    if (!result.isSuccess()) {
      throw new CliException(call + ": " + result + cause());
    }
  }

  private String cause() {
    StorageException storage = image.store().lastStorageFailure();
    if (storage != null) {
      return ": " + storage.getMessage();
    }
    return dispatcher.fault().map(fault -> ": " + fault).orElse("");
  }

  @Override
  public void close() {
    try (image) {
      dispatcher.close();
    } catch (IOException e) {
      throw ImageFiles.failure(path, e);
    }
  }
}
