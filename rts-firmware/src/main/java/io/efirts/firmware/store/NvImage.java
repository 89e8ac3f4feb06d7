// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.firmware.store;

import io.efirts.api.spi.NvStorage;
import io.efirts.api.spi.StorageException;
import io.efirts.firmware.storage.MappedFileStorage;
import io.efirts.firmware.storage.MemoryStorage;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.UnaryOperator;

/**
 * A variable store image in EDK2's format, opened and validated: headers, sizes, the write log and
 * every record. Opening changes nothing.
 *
 * <p>An image of a known size that holds only zeros or only ones is an empty store, as the firmware
 * takes it; it is formatted when something is first written to it. An image that EDK2 was about to
 * reclaim, or whose write log is unknown, can be read but not written: {@link #writeRefusal} tells
 * why.
 *
 * <p>Opening and closing may block and allocate; for use by one thread at a time.
 */
public final class NvImage implements Closeable {
  /** The smallest thing that can be a volume of any layout. */
  private static final long SMALLEST_BYTES = NvLayout.OVMF_2M.fvLength();

  private final StorageLease lease;
  private final Closeable owned;
  private final NvLayout layout;
  private final String writeRefusal;
  private final StoreLocation location;

  /** Null if the image was formatted when it was opened. */
  private final ImageFormatter formatter;

  private final VariableStore store;
  private final CrashStore crashStore;

  private NvImage(
      NvStorage storage,
      Closeable owned,
      NvLayout layout,
      String writeRefusal,
      StoreLocation location,
      ImageFormatter formatter,
      StoreTakeOver takeOver) {
    this.lease = new StorageLease(storage);
    this.owned = owned;
    this.layout = layout;
    this.writeRefusal = writeRefusal;
    this.location = location;
    this.formatter = formatter;
    this.store = new VariableStore(lease, location, formatter, takeOver);
    this.crashStore = new CrashStore(lease, location, formatter);
  }

  /**
   * Opens an image for reading and writing and locks its file.
   *
   * @param path the file
   * @return the image; to be closed
   * @throws NvImageException if the content is not a variable store
   * @throws IOException if the file cannot be opened or is in use
   */
  public static NvImage open(Path path) throws IOException {
    return owning(MappedFileStorage.open(path));
  }

  /**
   * Opens an image for reading only. Without a lock: QEMU may run on it meanwhile, but what it
   * changes is not validated, and may be seen half done.
   *
   * @param path the file
   * @return the image; to be closed
   * @throws NvImageException if the content is not a variable store
   * @throws IOException if the file cannot be opened
   */
  public static NvImage openReadOnly(Path path) throws IOException {
    return owning(MappedFileStorage.openReadOnly(path));
  }

  /**
   * Creates a formatted, empty image and opens it.
   *
   * @param path the file, which must not exist
   * @param layout its layout
   * @return the image; to be closed
   * @throws IOException if the file exists or cannot be written; no part of it is left then
   */
  public static NvImage create(Path path, NvLayout layout) throws IOException {
    NvStorage formatted = formattedMemory(layout);
    FileChannel channel;
    try {
      channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      throw new IOException("file must not exist yet: path=" + path, e);
    }
    try {
      try (channel) {
        ByteBuffer bytes = ByteBuffer.wrap(formatted.content().toArray(ValueLayout.JAVA_BYTE));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      return open(path);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  /**
   * Opens an image in a storage of the embedder's, which stays the owner.
   *
   * @param storage the bytes; as long as the image is in use, nobody else changes them
   * @return the image
   * @throws NvImageException if the content is not a variable store
   */
  public static NvImage of(NvStorage storage) throws NvImageException {
    return validated(storage, () -> {}, null);
  }

  /**
   * A new, empty image in memory.
   *
   * @param layout its layout
   * @return the image
   */
  public static NvImage inMemory(NvLayout layout) {
    NvStorage storage = formattedMemory(layout);
    return new NvImage(storage, () -> {}, layout, null, emptyStore(layout, true), null, null);
  }

  private static StoreLocation emptyStore(NvLayout layout, boolean writable) {
    return new StoreLocation(
        NvLayout.STORE_OFFSET, layout.storeBytes(), RecordFormat.AUTHENTICATED, writable);
  }

  private static NvStorage formattedMemory(NvLayout layout) {
    NvStorage storage = MemoryStorage.allocate(layout.fvLength());
    new ImageFormatter(layout).format(storage);
    return storage;
  }

  private static NvImage owning(MappedFileStorage storage) throws IOException {
    try {
      return validated(storage, storage, null);
    } catch (IOException | RuntimeException e) {
      storage.close();
      throw e;
    }
  }

  private static NvImage validated(NvStorage storage, Closeable owned, StoreTakeOver takeOver)
      throws NvImageException {
    MemorySegment content = storage.content();
    if (content.byteSize() < SMALLEST_BYTES) {
      throw NvImageException.at(
          "image must be as long as the smallest volume", 0, content.byteSize(), SMALLEST_BYTES);
    }
    NvLayout named = FvHeader.layoutOf(content);
    NvLayout layout = named != null ? named : NvLayout.ofImageSize(content.byteSize());
    if (layout == null) {
      throw new NvImageException(
          "image must have a volume header or the size of a known layout: at=0x0, size=0x"
              + Long.toHexString(content.byteSize()));
    }
    if (layout.fvLength() > content.byteSize()) {
      throw NvImageException.at(
          "volume must end within the image", 0, layout.fvLength(), content.byteSize());
    }
    return validated(storage, owned, layout, takeOver);
  }

  private static NvImage validated(
      NvStorage storage, Closeable owned, NvLayout layout, StoreTakeOver takeOver)
      throws NvImageException {
    MemorySegment content = storage.content();
    String refusal = storage.readOnly() ? "image was opened read-only" : null;
    ImageFormatter formatter = unformatted(content, layout);
    if (formatter != null) {
      StoreLocation empty = emptyStore(layout, refusal == null);
      return new NvImage(storage, owned, layout, refusal, empty, formatter, takeOver);
    }
    WorkingBlock.Finding log = WorkingBlock.examine(content, layout);
    if (log == WorkingBlock.Finding.STORE_IN_SPARE) {
      refusal = "an interrupted fault-tolerant write must first be completed by the firmware";
    } else if (log == WorkingBlock.Finding.UNKNOWN) {
      refusal =
          "fault-tolerant write log must be understood: at=0x"
              + Integer.toHexString(layout.workingOffset());
    }
    long volume = log == WorkingBlock.Finding.STORE_IN_SPARE ? layout.spareOffset() : 0;
    FvHeader.validate(content, volume, layout);
    long storeOffset = volume + NvLayout.STORE_OFFSET;
    RecordFormat format = StoreHeader.validate(content, storeOffset, layout);
    RecordValidation.validate(
        StoreBytes.of(content),
        storeOffset + VariableStore.HEADER_BYTES,
        storeOffset + layout.storeBytes(),
        format,
        layout.maxVariableBytes());
    StoreLocation location =
        new StoreLocation(storeOffset, layout.storeBytes(), format, refusal == null);
    return new NvImage(storage, owned, layout, refusal, location, null, takeOver);
  }

  /** A formatter if the image needs one: it is empty, or its formatting was interrupted. */
  private static ImageFormatter unformatted(MemorySegment content, NvLayout layout) {
    ImageFormatter formatter = new ImageFormatter(layout);
    return !formatter.isFormatted(StoreBytes.of(content)) && formatter.isUnformatted(content)
        ? formatter
        : null;
  }

  /**
   * The layout.
   *
   * @return where things lie and which limits apply
   */
  public NvLayout layout() {
    return layout;
  }

  /**
   * The variables.
   *
   * @return the non-volatile store, always the same
   */
  public VariableStore store() {
    return store;
  }

  /**
   * The variables, for a crash that stops the user of {@link #store} anywhere.
   *
   * @return always the same way to them
   */
  public CrashStore crashStore() {
    return crashStore;
  }

  /**
   * The variables once more, for a firmware that has a way of its own to the bytes. {@link #store}
   * is not used any more then.
   *
   * @param way what is put in front of the firmware's right to change the bytes: storage with the
   *     same content up to the end of the volume
   * @return a new store
   */
  public VariableStore storeBy(UnaryOperator<NvStorage> way) {
    // The previous owners were dealt with when the image was taken over.
    return new VariableStore(way.apply(lease), location, pendingFormatter(), null);
  }

  /**
   * As {@link #storeBy}, for a crash that stops that store's user. {@link #crashStore} is not used
   * any more then.
   *
   * @param way what is put in front of the crash's right to change the bytes
   * @return a new store
   */
  public CrashStore crashStoreBy(UnaryOperator<NvStorage> way) {
    return new CrashStore(lease, crashStore.lease(), way, location, pendingFormatter());
  }

  private ImageFormatter pendingFormatter() {
    boolean formatted = formatter == null || formatter.isFormatted(StoreBytes.of(lease.content()));
    return formatted ? null : formatter;
  }

  /**
   * The bytes of the image.
   *
   * @return the storage it was opened on
   */
  public NvStorage storage() {
    return lease.storage();
  }

  /**
   * Why this image cannot be written.
   *
   * @return one line, or null if it can
   */
  public String writeRefusal() {
    return writeRefusal;
  }

  /**
   * Hands the storage to another firmware, although a thread may still be inside the one that had
   * it, and another one in its crash entry: they change nothing any more, however late they go on,
   * and what they had not committed by now never will be. A change that was committed stays.
   *
   * <pre>{@code
   * // For re-arming: each firmware has the image to itself.
   * image = image.takeOver();
   * ReferenceFirmware.builder(image).build();
   * }</pre>
   *
   * <p>This image must not be used or closed any more; closing the new one closes the file. Blocks
   * while what it settles is forced.
   *
   * @return the same content, for its new owner
   * @throws NvImageException if the content is no variable store any more
   * @throws StorageException if the storage refuses, or the previous owner was stopped while it
   *     formatted an empty image
   */
  public NvImage takeOver() throws NvImageException {
    StoreTakeOver takeOver = new StoreTakeOver(lease, crashStore.lease());
    takeOver.revoke();
    NvImage successor = validated(lease.storage(), owned, takeOver);
    if (!successor.store.takeOver()) {
      throw new StorageException("an image must not be taken over while it is formatted", null);
    }
    return successor;
  }

  /**
   * Closes the file, if this image opened one. Not while a firmware can still be called with it.
   *
   * @throws IOException if the file cannot be closed
   */
  @Override
  public void close() throws IOException {
    owned.close();
  }
}
