// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.space;

import io.efirts.api.memory.GuestMemory;
import io.efirts.api.memory.PhysicalAddress;
import io.efirts.api.memory.VirtualAddress;
import io.efirts.x86.paging.EntryBits;
import io.efirts.x86.paging.PageTables;
import io.efirts.x86.paging.PagingMode;
import io.efirts.x86.paging.TableEntries;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/**
 * All page directories of a host, so that none is forgotten when the host's part of the address
 * space grows: those of processes, and those that belong to nobody, like the one that maps memory
 * at its physical addresses. Each has copies of the top-level entries of a reference directory;
 * what the host adds below an entry is seen at once, and what it adds to the reference must be
 * copied into every directory.
 *
 * <p>The host changes its reference directory, under whatever lock it has for that, and calls
 * {@link #grown}. When all changes and calls are over, every directory equals the reference,
 * however they overlapped; no directory ever loses an entry in between that the reference keeps.
 *
 * <p>Any thread may call anything, with interrupts off and in the middle of another call too: there
 * is no lock, and nobody waits. {@link #grown} and {@link #sync} allocate nothing and repeat a copy
 * only if somebody else has changed one of the two entries since the look at them. Directories that
 * share other places than the rest are registered with a registry of their own.
 *
 * <p>Memory effects: entries are loaded with acquire and stored by a volatile compare-and-set, so
 * whoever walks a directory and finds a copy finds the tables below it as filled as the host had
 * made them when it stored the entry. A full fence parts the host's stores to the reference from
 * the look at the list, and one parts the addition to the list from the first copy: so whoever
 * registers while the reference grows either is in the list or sees the new entry. Without either
 * fence both could look too early, and the new directory would lack the entry until it grows again.
 *
 * <p>New entries need no flush. Where the host replaced or removed one, it flushes once this has
 * returned, as it must for its processes anyway, and keeps the tables below until then.
 */
public final class PageDirectoryRegistry {
  private static final RegisteredDirectory[] NONE = {};

  private final PagingMode mode;
  private final GuestMemory memory;
  private final PhysicalAddress referenceRoot;
  private final TableEntries reference;
  private final HostArea area;
  private final AtomicReference<RegisteredDirectory[]> directories = new AtomicReference<>(NONE);

  private PageDirectoryRegistry(
      PagingMode mode,
      GuestMemory memory,
      PhysicalAddress referenceRoot,
      TableEntries reference,
      HostArea area) {
    this.mode = mode;
    this.memory = memory;
    this.referenceRoot = referenceRoot;
    this.reference = reference;
    this.area = area;
  }

  /**
   * Whether directories of a mode can get out of step at all. Those of PAE paging cannot: a root
   * has four entries, which are there from the beginning and never change, and what grows are the
   * tables below, which all roots share.
   *
   * @param mode how tables are walked
   * @return false for {@link PagingMode#PAE}
   */
  public static boolean isNeeded(PagingMode mode) {
    return mode != PagingMode.PAE;
  }

  /**
   * A registry without directories.
   *
   * @param mode mode of all directories
   * @param memory where they lie
   * @param reference the directory that the host changes first
   * @param area what is shared
   * @return the registry
   * @throws IllegalArgumentException if the mode needs none ({@link #isNeeded}), the reference is
   *     no table, or the area has more entries than a root
   */
  public static PageDirectoryRegistry of(
      PagingMode mode, GuestMemory memory, PhysicalAddress reference, HostArea area) {
    Objects.requireNonNull(area, "area");
    TableEntries entries = TableEntries.ofRoot(mode, memory, reference);
    if (!isNeeded(mode)) {
      throw new IllegalArgumentException(
          "paging mode must have a root that grows: mode="
              + mode
              + ", whose four entries are fixed and whose tables below are shared");
    }
    if (area.endIndex() > mode.entries(mode.levels())) {
      throw new IllegalArgumentException(
          "host area must lie in the root: endIndex="
              + area.endIndex()
              + ", entries="
              + mode.entries(mode.levels()));
    }
    return new PageDirectoryRegistry(mode, memory, reference, entries, area);
  }

  /**
   * Registers a page directory and copies all it is to have; what was in these places is replaced.
   * Exact copies, bits that are free for software included. Allocates.
   *
   * @param root frame of the directory
   * @param mirror which places follow the reference
   * @return the directory, for {@link #unregister}
   * @throws IllegalArgumentException if the root is no table, the reference, or registered already
   */
  public RegisteredDirectory register(PhysicalAddress root, DirectoryMirror mirror) {
    return register(root, mirror, 0);
  }

  /**
   * Registers the root of an address space, as {@link #register(PhysicalAddress, DirectoryMirror)},
   * but the copies carry {@link EntryBits#SHARED}, as do the places where one may come: the address
   * space can map nothing there, and never changes nor sets free the host's tables. Counts as a
   * change of the address space. It must be unregistered and quiet before it is released.
   *
   * @param tables the address space, of the same mode
   * @param mirror which places follow the reference
   * @return the directory, for {@link #unregister}
   * @throws IllegalArgumentException if the modes differ, or something of its own is mapped where a
   *     copy may come; and as for other directories
   */
  public RegisteredDirectory register(PageTables tables, DirectoryMirror mirror) {
    Objects.requireNonNull(tables, "tables");
    if (tables.mode() != mode) {
      throw new IllegalArgumentException(
          "paging mode must be the registry's: mode=" + tables.mode() + ", registry=" + mode);
    }
    for (int i = area.firstIndex(); i < area.endIndex(); i++) {
      requireFree(tables, i);
      if (mirror == DirectoryMirror.HOST_AREA_AND_AT_ZERO && area.isDirectMap(i)) {
        requireFree(tables, i - area.directMapIndex());
      }
    }
    return register(new PhysicalAddress(tables.root()), mirror, EntryBits.SHARED);
  }

  private void requireFree(PageTables tables, int index) {
    int level = mode.levels();
    long half = (long) mode.entries(level) / 2;
    boolean upper = mode != PagingMode.LEGACY_32 && index >= half;
    long first = (upper ? index - 2 * half : index) * mode.span(level);
    long entry = tables.entry(level, new VirtualAddress(first));
    if (RegisteredDirectory.isPresent(entry) && (entry & EntryBits.SHARED) == 0) {
      throw new IllegalArgumentException(
          "nothing must be mapped where the host's entries come: index="
              + index
              + ", entry=0x"
              + Long.toHexString(entry));
    }
  }

  private RegisteredDirectory register(PhysicalAddress root, DirectoryMirror mirror, long mark) {
    Objects.requireNonNull(mirror, "mirror");
    RegisteredDirectory added =
        new RegisteredDirectory(root, TableEntries.ofRoot(mode, memory, root), mirror, mark);
    RegisteredDirectory[] before;
    RegisteredDirectory[] after;
    do {
      before = directories.get();
      requireNew(before, root);
      after = Arrays.copyOf(before, before.length + 1);
      after[before.length] = added;
    } while (!directories.compareAndSet(before, after));
    VarHandle.fullFence();
    added.copy(reference, area, area.firstIndex(), area.endIndex());
    return added;
  }

  private void requireNew(RegisteredDirectory[] registered, PhysicalAddress root) {
    boolean known = root.equals(referenceRoot);
    for (RegisteredDirectory directory : registered) {
      known |= root.equals(directory.root());
    }
    if (known) {
      throw new IllegalArgumentException(
          "directory must not be registered twice, nor be the reference: root=" + root);
    }
  }

  /**
   * Forgets a directory. It keeps what it has. A copy that is under way may still store into it;
   * its frame may be used otherwise, or the address space released, once {@link
   * RegisteredDirectory#isQuiet} says so. Allocates.
   *
   * @param directory what {@link #register} of this registry returned
   * @throws IllegalArgumentException if it is not registered here, or no more
   */
  public void unregister(RegisteredDirectory directory) {
    Objects.requireNonNull(directory, "directory");
    if (!Arrays.asList(directories.get()).contains(directory) || !directory.close()) {
      throw new IllegalArgumentException(
          "directory must be registered here: root=" + directory.root());
    }
    RegisteredDirectory[] before;
    RegisteredDirectory[] after;
    do {
      before = directories.get();
      after = without(before, directory);
    } while (!directories.compareAndSet(before, after));
  }

  private static RegisteredDirectory[] without(
      RegisteredDirectory[] registered, RegisteredDirectory directory) {
    return Arrays.stream(registered)
        .filter(other -> other != directory)
        .toArray(RegisteredDirectory[]::new);
  }

  /**
   * How many directories there are.
   *
   * @return the number, without the reference
   */
  public int size() {
    return directories.get().length;
  }

  /**
   * Copies entries that the host has just stored into the reference, on this thread, into every
   * directory. Entries that are not the host's are left alone, as is what does not exist. Takes
   * time in proportion to the directories and the entries.
   *
   * @param firstIndex the first entry that may have changed
   * @param count how many may have
   */
  public void grown(int firstIndex, int count) {
    VarHandle.fullFence();
    int first = Math.max(firstIndex, area.firstIndex());
    int end = (int) Math.min((long) firstIndex + count, area.endIndex());
    for (RegisteredDirectory directory : directories.get()) {
      directory.copy(reference, area, first, end);
    }
  }

  /** Does the same for all of the host's entries. */
  public void sync() {
    grown(area.firstIndex(), area.count());
  }
}
